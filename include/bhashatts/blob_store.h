// The third seam: the permanent store. It never forgets by itself.
//
// Thread rule: every member may be called from any thread at any time.
// Names look like "audio/tts/<key>.flac": '/' separated, no empty, "." or ".." part.
// Every member raises Error (6xx) when the store cannot answer; an absent object is not an error.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bhashatts/bytes.h"
#include "bhashatts/error.h"

namespace bhashatts {

// What goes with an object, for whoever reads the store without us (a browser, an auditor).
struct BlobLabels {
  std::string media_type = {};   // "audio/flac"; empty: application/octet-stream
  std::string identity = {};     // hash of all that decides how it sounds, hex; empty: none
  std::int64_t duration_ms = 0;  // 0: not audio
};

enum class PutOutcome { stored, already_there };

struct BlobInfo {
  std::string name;
  std::uint64_t size_bytes = 0;
  std::string identity = {};  // of its labels; empty: none, or list() and this store do not tell
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  virtual std::optional<SharedBytes> get(std::string_view name) = 0;
  // First writer wins: an object that is there is left as it is. When this returns, the object
  // survives a loss of power.
  virtual PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                                   const BlobLabels& labels) = 0;
  virtual std::optional<BlobInfo> info(std::string_view name) = 0;
  // Removing what is not there is no error.
  virtual void remove(std::string_view name) = 0;
  // Removes many; stores that can, do it in few calls. Goes on past what cannot be removed, then
  // raises the first trouble.
  virtual void remove_all(std::span<const std::string> names) {
    std::optional<Error> trouble;
    for (const std::string& name : names) {
      try {
        remove(name);
      } catch (const Error& error) {
        if (!trouble) trouble = error;
      }
    }
    if (trouble) throw Error(*trouble);
  }
  // Calls `visit` for each object whose name starts with `prefix`, in no order, until it returns
  // false. Objects that come or go meanwhile may be seen or not.
  virtual void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) = 0;
  // Where a client fetches the object; made when asked, never stored. Empty where it cannot, or
  // not yet.
  virtual std::string url(std::string_view name) const = 0;
  // The object as a file of this machine, if it is one: tiers then point at it instead of keeping
  // a second copy, and a web server can send it. Nothing otherwise.
  virtual std::optional<std::string> local_path(std::string_view name) const = 0;
};

}  // namespace bhashatts
