//go:build !race

package exchange_test

const thin = 1
