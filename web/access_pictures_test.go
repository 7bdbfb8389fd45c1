package web

var mayPictures = map[string]mayRow{
	"POST /api/v1/stations/{station}/pictures": {"401", "Y", "403", "403", "403", "Y"},
}
