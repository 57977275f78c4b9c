package bhashatts_test

import (
	"bytes"
	"os"
	"testing"
)

// It is a copy: what is packed as a module leaves links out.
func TestTheModulesLicenseIsThatOfTheWhole(t *testing.T) {
	own, err := os.ReadFile("LICENSE")
	must(err)
	whole, err := os.ReadFile(besides(t, "../../LICENSE"))
	must(err)
	if !bytes.Equal(own, whole) {
		t.Error("they differ")
	}
}
