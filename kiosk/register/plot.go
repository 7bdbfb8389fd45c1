package register

// Plot is a picture of figures: bars side by side over labels.
type Plot struct {
	Key    string // words "reg.plot.KEY"
	Labels []any  // under the bars: strings or Words
	Series []Series
}

// Series are the bars of one kind.
type Series struct {
	Key    string // words "reg.col.KEY"
	Values []int64
}
