package bhashatts_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

func TestEveryExportedNameHasAComment(t *testing.T) {
	files := token.NewFileSet()
	packages, err := parser.ParseDir(files, ".", func(file fs.FileInfo) bool {
		return !strings.HasSuffix(file.Name(), "_test.go")
	}, parser.ParseComments)
	must(err)
	documented := doc.New(packages["bhashatts"], "bhashatts.dev/go", 0)
	if documented.Doc == "" {
		t.Error("the package has none")
	}
	missing := func(name, comment string) {
		if ast.IsExported(name) && comment == "" {
			t.Errorf("%s has none", name)
		}
	}
	functions := documented.Funcs
	for _, named := range documented.Types {
		missing(named.Name, named.Doc)
		functions = append(append(functions, named.Funcs...), named.Methods...)
	}
	for _, function := range functions {
		if !strings.HasPrefix(function.Name, "bgo") {
			missing(function.Name, function.Doc)
		}
	}
}
