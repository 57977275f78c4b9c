// A store that is waited for in vain is left alone for a while; one that says no at once is not.
#include "blob/patient_store.h"

#include <gtest/gtest.h>

#include "tests/support/fake_blob_store.h"
#include "tests/support/raised.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using testing::FakeBlobStore;
using testing::raised;

class PatientStoreTest : public ::testing::Test {
 protected:
  std::shared_ptr<BlobStore> open(milliseconds long_wait) const {
    return make_patient_store(far, {.breaker_file = temp / "breaker",
                                    .longest_call = milliseconds(60'000),
                                    .long_wait = long_wait,
                                    .first_pause = milliseconds(60'000)});
  }
  void ask_in_vain(BlobStore& store, int times) const {
    for (int i = 0; i < times; ++i) raised(ErrorCode::storage_failed, [&] { store.get("a"); });
  }

  testing::TempDir temp;
  std::shared_ptr<FakeBlobStore> far = std::make_shared<FakeBlobStore>();
};

TEST_F(PatientStoreTest, AsksNoMoreOfAStoreThatWasWaitedForInVain) {
  const auto store = open(milliseconds(0));
  far->refuses_all = true;
  ask_in_vain(*store, 2);
  far->refuses_all = false;
  raised(ErrorCode::storage_failed, [&] { store->get("a"); });
  raised(ErrorCode::storage_failed, [&] { store->info("a"); });
  raised(ErrorCode::storage_failed, [&] { store->list("", [](const auto&) { return true; }); });
}

TEST_F(PatientStoreTest, TellsTheOtherProcessesOfTheHost) {
  far->refuses_all = true;
  ask_in_vain(*open(milliseconds(0)), 2);
  far->refuses_all = false;
  raised(ErrorCode::storage_failed, [&] { open(milliseconds(0))->get("a"); });
}

TEST_F(PatientStoreTest, GoesOnAskingAStoreThatRefusesAtOnce) {
  const auto store = open(milliseconds(60'000));
  far->refuses_all = true;
  ask_in_vain(*store, 5);
  far->refuses_all = false;
  EXPECT_FALSE(store->get("a").has_value());
}

TEST_F(PatientStoreTest, WritesAllTheSameAndAsksAgainWhenThatWentWell) {
  const auto store = open(milliseconds(0));
  far->refuses_all = true;
  ask_in_vain(*store, 2);
  far->refuses_all = false;
  raised(ErrorCode::storage_failed, [&] { store->get("a"); });
  store->put_if_absent("a", SharedBytes::adopt(std::string("sound")), {});
  EXPECT_EQ(store->get("a")->chars(), "sound");
}

}  // namespace
}  // namespace bhashatts::blob
