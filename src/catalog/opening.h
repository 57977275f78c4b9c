// How a catalog is opened, so that damage is found before it can crash the host.
//
// LMDB trusts its file: a page that is not there is SIGBUS, one that holds rubbish an abort(). Of
// the ways to ask first, reading the whole file at each opening is too slow, and a handler for
// SIGBUS belongs to the host. So suspicion is cheap and certainty rare:
// - openings take turns (a byte lock that dies with its process); the one whose turn it is leaves
//   the file "opening" while it opens and looks at both ends of every database;
// - an "opening" that is already there was left by a process that died at it, killed or crashed;
//   that, or a data.mdb shorter than its header says, is suspicion; so is the file "suspect", which
//   an examination leaves that went badly while the catalog was open (after a crash, by verify);
// - on suspicion a forked child reads everything first. Only if that dies, hangs or finds pages
//   that LMDB refuses is the catalog set aside. A kill -9 during opening thus never costs a
//   catalog, which it would if the file alone were believed.
//
// Thread rule: any thread, any process.
#pragma once

#include <chrono>
#include <filesystem>

#include "base/lock_file.h"
#include "catalog/catalog.h"
#include "catalog/state.h"

namespace bhashatts::catalog {

// Opens or makes the catalog of options.directory into `store`.
void open_store(const CatalogOptions& options, Store& store);

// Whether everything can be read, found out by a child process. If not, the next opening will be
// suspicious, and nothing is written until then: LMDB would crash over it, or make it worse.
bool examine(const Store& store);

// The turn to open or close. LMDB documents that an opening may fail while another process closes.
// Raises storage_failed after `patience`.
LockFile::Lock wait_for_turn(LockFile& owners, std::chrono::milliseconds patience);

}  // namespace bhashatts::catalog
