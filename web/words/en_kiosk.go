package words

var enKiosk = map[string]string{}
