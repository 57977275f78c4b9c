// The guide's table, row by row, several at once; every row counted under what became of it.
//
// Thread rule: any thread.
#pragma once

#include "bhashatts/import.h"
#include "engine/core.h"

namespace bhashatts::engine {

// Raises as TtsEngine::import_guide does.
ImportReport import_guide(Core& core, const GuideRows& rows, const ImportOptions& options);

}  // namespace bhashatts::engine
