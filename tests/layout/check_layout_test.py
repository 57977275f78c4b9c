"""Each check of check_layout.py finds the breach that it is for, in a small tree made here."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import check_layout

SOUND = {
    "CMakeLists.txt": "project(x)\n",
    "README.md": "## Map\n- `cmake/` build\n- `include/bhashatts/` headers\n- `src/` rooms\n",
    "cmake/PublicHeaders.cmake": "set(BHASHATTS_PUBLIC_HEADERS\n  text.h)\n",
    "include/bhashatts/text.h": "// Thread rule: any.\n#pragma once\n#include <string>\n",
    "src/base/CMakeLists.txt": "bhashatts_room(base\n  SOURCES\n    files.cpp)\n",
    "src/base/files.h": "// Files.\n#pragma once\n",
    "src/base/files.cpp": '#include "base/files.h"\n#include "bhashatts/text.h"\n',
}


class CheckLayout(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name).resolve()
        for name, text in SOUND.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def breaches(self, check: str) -> list[str]:
        return list(check_layout.CHECKS[check](self.root))

    def test_a_sound_tree_passes_every_check(self) -> None:
        for check in check_layout.CHECKS:
            self.assertEqual(self.breaches(check), [], check)

    def test_a_source_that_no_list_names(self) -> None:
        self.write("src/base/lost.cpp", "")
        self.assertIn("src/base/lost.cpp", self.breaches("sources_listed")[0])

    def test_a_glob(self) -> None:
        self.write("src/base/CMakeLists.txt", "file(GLOB s *.cpp)\nfiles.cpp")
        self.assertIn("globs", self.breaches("sources_listed")[0])

    def test_a_public_header_that_is_not_installed_and_has_no_thread_rule(self) -> None:
        self.write("include/bhashatts/more.h", "#pragma once\n")
        self.assertEqual(len(self.breaches("public_headers")), 2)

    def test_a_public_header_that_includes_a_room(self) -> None:
        text = '// Thread rule\n#pragma once\n#include "base/files.h"\n'
        self.write("include/bhashatts/text.h", text)
        self.assertIn("includes base/files.h", self.breaches("public_headers")[0])

    def test_a_lower_room_that_looks_up(self) -> None:
        self.write("src/base/files.cpp", '#include "engine/plan.h"\n')
        self.assertIn("base may not include engine/plan.h", self.breaches("rooms")[0])

    def test_a_room_that_the_table_does_not_know(self) -> None:
        self.write("src/attic/a.h", "")
        self.assertIn("not in the table", self.breaches("rooms")[0])

    def test_an_engine_file_that_knows_an_implementation(self) -> None:
        self.write("src/engine/job.cpp", '#include "blob/file_store.h"\n')
        self.write("src/engine/open_store.cpp", '#include "blob/file_store.h"\n')
        self.assertEqual(len(self.breaches("rooms")), 1)

    def test_a_command_line_that_looks_behind_the_public_headers(self) -> None:
        self.write("src/cli/main.cpp", '#include "base/files.h"\n#include "cli/main.h"\n')
        self.assertEqual(len(self.breaches("rooms")), 1)

    def test_a_header_that_brings_a_namespace(self) -> None:
        self.write("src/base/files.h", "#pragma once\nusing namespace std;\n")
        self.assertIn("using namespace", self.breaches("includes")[0])

    def test_a_file_that_is_too_long(self) -> None:
        self.write("src/base/files.cpp", "\n" * (check_layout.MOST_LINES + 1))
        self.assertIn("451 lines", self.breaches("sizes")[0])

    def test_a_map_that_is_not_the_tree(self) -> None:
        self.write("README.md", "## Map\n- `src/` rooms\n- `attic/` gone\n- `include/` headers\n")
        self.assertEqual(len(self.breaches("map")), 2)

    def test_a_readme_without_a_map_is_skipped(self) -> None:
        self.write("README.md", "# x\n")
        with self.assertRaises(check_layout.Skipped):
            self.breaches("map")


if __name__ == "__main__":
    unittest.main()
