// Damaged files, in this process: that none of it crashes is the point. The examination that finds
// out forks by itself.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "bhashatts/error.h"
#include "catalog/state.h"
#include "tests/catalog/fixture.h"
#include "tests/support/child.h"

namespace bhashatts::catalog {
namespace {

class OpeningTest : public CatalogTest {
 protected:
  OpeningTest() {
    for (int i = 0; i < 40; ++i) {
      UtteranceRecord record = utterance_of("वाक्य " + std::to_string(i));
      record.description.assign(6'000, 'd');
      catalog->commit(made_of(record));
    }
    catalog.reset();
  }
  std::filesystem::path data() const { return directory() / "db" / "data.mdb"; }
  // What opening does, as an exit status: a crash would be negative.
  int open_in_child() const {
    return testing::Child([&] {
             const auto opened = Catalog::open(options_for(directory()));
             opened->commit(made_of(utterance_of("फिर।")));
             return opened->was_damaged() ? 1 : 0;
           })
        .wait();
  }
  void overwrite(std::size_t offset, std::size_t size, char byte) const {
    std::fstream file(data(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file << std::string(size, byte);
  }
};

TEST_F(OpeningTest, OpensAHealthyCatalogAsItIs) {
  EXPECT_EQ(open_in_child(), 0);
  reopen();
  EXPECT_EQ(catalog->totals().utterances, 41);
}

TEST_F(OpeningTest, SetsATruncatedCatalogAside) {
  ASSERT_EQ(::truncate(data().c_str(), 5 * 4096), 0);
  EXPECT_EQ(open_in_child(), 1);
  int aside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory())) {
    if (entry.path().filename().string().starts_with("damaged-")) ++aside;
  }
  EXPECT_EQ(aside, 1);
  EXPECT_EQ(open_in_child(), 0);
}

TEST_F(OpeningTest, SetsRubbishAside) {
  overwrite(0, 3 * 4096, 'z');
  EXPECT_EQ(open_in_child(), 1);
  EXPECT_EQ(open_in_child(), 0);
}

// Of a file with one bad page somewhere, opening may see nothing; whoever then dies of it leaves no
// mark, but one that died at opening does.
TEST_F(OpeningTest, AsksAChildWhenAnOpenerDied) {
  std::ofstream(directory() / "opening").put('x');
  EXPECT_EQ(open_in_child(), 0);
  std::ofstream(directory() / "opening").put('x');
  overwrite(2 * 4096, static_cast<std::size_t>(std::filesystem::file_size(data())) - 2 * 4096,
            0x5a);
  EXPECT_EQ(open_in_child(), 1);
}

TEST_F(OpeningTest, SurvivesAnyPageOfRubbishAtLeastTheSecondTime) {
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(data()));
  const auto healthy = temp / "healthy";
  std::filesystem::copy_file(data(), healthy);
  for (std::size_t page = 2; page < size / 4096; page += 7) {
    std::filesystem::copy_file(healthy, data(), std::filesystem::copy_options::overwrite_existing);
    overwrite(page * 4096, 4096, static_cast<char>(0xa5));
    EXPECT_TRUE(open_in_child() >= 0 || open_in_child() >= 0) << page;
  }
}

TEST_F(OpeningTest, RefusesANewerFormat) {
  {
    const auto env = lmdb::Env::open(
        {.directory = directory() / "db", .map_bytes = kMapBytes, .databases = kDatabaseNames});
    lmdb::WriteTxn txn(*env);
    txn.put(env->dbi(0), "format", lmdb::be64(2));
    txn.commit();
  }
  try {
    Catalog::open(options_for(directory()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_newer);
  }
  EXPECT_TRUE(std::filesystem::exists(data()));
}

TEST_F(OpeningTest, ReadsWithoutWriting) {
  CatalogOptions options = options_for(directory());
  options.read_only = true;
  const auto reader = Catalog::open(options);
  EXPECT_TRUE(reader->utterance(utterance_of("वाक्य 3").metadata.key));
  EXPECT_EQ(reader->totals().utterances, 40);
  EXPECT_THROW(reader->commit(made_of(utterance_of("नया।"))), Error);
  EXPECT_THROW(reader->reserve({}), Error);
  EXPECT_EQ(reader->orphan_reservations(), 0);
}

TEST_F(OpeningTest, SaysThatThereIsNothingToRead) {
  CatalogOptions options = options_for(temp / "nowhere");
  options.read_only = true;
  EXPECT_THROW(Catalog::open(options), Error);
  EXPECT_FALSE(std::filesystem::exists(options.directory));
}

TEST_F(OpeningTest, OpensInManyProcessesAtOnce) {
  std::vector<testing::Child> openers;
  for (int i = 0; i < 12; ++i) {
    openers.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        const auto opened = Catalog::open(options_for(directory()));
        if (opened->was_damaged()) return 1;
        if (round == i) opened->commit(made_of(utterance_of("p" + std::to_string(i))));
      }
      return 0;
    });
  }
  for (auto& opener : openers) EXPECT_EQ(opener.wait(), 0);
  reopen();
  EXPECT_EQ(catalog->totals().utterances, 52);
}

}  // namespace
}  // namespace bhashatts::catalog
