package words

var viKiosk = map[string]string{}
