package register

// sheets are all registers and reports, in the order in which they are offered.
var sheets = []*Sheet{
	general, accession, textbooks, pupilLoans, teacherLoans, equipmentLoans, serials, journal, corners, rotations, survey, introductions, planBook, catalogue, things, donors,
	dayReport, weekReport, monthReport, semesterReport, yearReport, overdue, topReaders, topClasses, sector, pack, targets, assessment, records, oldScheme, stockMinutes, withdrawalMinutes, bibliography, proposal, interloanReceipt, interloanReturn, migration,
}
