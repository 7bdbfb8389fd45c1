package words

var viPages = map[string]string{}
