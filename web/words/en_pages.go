package words

var enPages = map[string]string{}
