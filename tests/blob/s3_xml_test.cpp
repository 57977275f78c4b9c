#include "blob/s3_xml.h"

#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts::blob {
namespace {

using testing::raised;

constexpr const char* kHead = "<?xml version='1.0' encoding='UTF-8'?>\n";

std::string listed(const std::string& key, const std::string& more = "") {
  return kHead + ("<ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>" + more) +
         "<Contents><Size> 12 </Size><Key>" + key + "</Key></Contents></ListBucketResult>";
}

TEST(S3Xml, ReadsErrorsOfAnySpelling) {
  const auto plain =
      parse_error("<Error><Message>m &amp; n</Message><Code>\n NoSuchKey </Code><Extra/></Error>");
  EXPECT_EQ(plain->code, "NoSuchKey");
  EXPECT_EQ(plain->message, "m & n");
  EXPECT_EQ(
      parse_error("\n\n <?xml version='1.0'?><s:Error xmlns:s='u'><s:Code>A</s:Code></s:Error>")
          ->code,
      "A");
  EXPECT_EQ(parse_error("<Error><Code>SlowDown</Code><Mess")->code, "SlowDown");
}

TEST(S3Xml, WhatIsNoErrorIsNone) {
  for (const char* body : {"", "x", "<html><Code>x</Code></html>", "<Error/>", "{\"Code\":1}",
                           "<Error><Code>", "\xff\xfe<Error>"}) {
    EXPECT_FALSE(parse_error(body)) << body;
  }
}

TEST(S3Xml, ReadsNamesAsTheyAre) {
  const auto name = [](const std::string& key) { return parse_page(listed(key)).objects[0].name; };
  EXPECT_EQ(name("a//b/../क +%41"), "a//b/../क +%41");
  EXPECT_EQ(name("&lt;&amp;&#x41;&gt;"), "<&A>");
  EXPECT_EQ(name(" "), " ");
  EXPECT_EQ(name("<![CDATA[a&b]]>"), "a&b");
  EXPECT_EQ(parse_page(listed("a")).objects[0].size_bytes, 12U);
}

TEST(S3Xml, DecodesNamesOnlyWhereTheServerEncodedThem) {
  const std::string encoded = "<EncodingType>url</EncodingType>";
  EXPECT_EQ(parse_page(listed("a+b%2Bc%2", encoded)).objects[0].name, "a b+c%2");
  EXPECT_EQ(parse_page(listed("a+b%2B")).objects[0].name, "a+b%2B");
}

TEST(S3Xml, FollowsPagesThatSayHow) {
  const std::string more = "<IsTruncated>true</IsTruncated>";
  const std::string token = "<NextContinuationToken>t</NextContinuationToken>";
  EXPECT_EQ(parse_page(listed("a", more + token)).next_token, "t");
  EXPECT_EQ(parse_page(listed("a", token)).next_token, "");
  raised(ErrorCode::storage_failed, [&] { parse_page(listed("a", more)); });
}

TEST(S3Xml, RefusesListsThatAreNone) {
  const std::string whole = listed("a");
  for (const std::string& body :
       {std::string(), std::string("<html></html>"), whole.substr(0, whole.size() - 3),
        std::string("<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>"),
        std::string("<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>"),
        std::string("<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents>"
                    "</ListBucketResult>")}) {
    raised(ErrorCode::storage_failed, [&] { parse_page(body); });
  }
}

TEST(S3Xml, ExpandsAndFetchesNothing) {
  const std::string bomb =
      "<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>";
  EXPECT_EQ(parse_error(bomb + "<Error><Code>X</Code><Message>&a;&b;</Message></Error>")->message,
            "&a;&b;");
}

TEST(S3Xml, SurvivesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_error(deep));
  raised(ErrorCode::storage_failed, [&] { parse_page(deep); });
}

TEST(S3Xml, ReadsWhatBecameOfARemoval) {
  EXPECT_TRUE(parse_removal("<DeleteResult/>").empty());
  const auto troubles = parse_removal(
      "<DeleteResult><Deleted><Key>a</Key></Deleted>"
      "<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>");
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].key, "b");
  EXPECT_EQ(troubles[0].code, "AccessDenied");
  raised(ErrorCode::storage_failed, [] { parse_removal("<DeleteResult>"); });
}

TEST(S3Xml, ReadsUploads) {
  EXPECT_EQ(parse_upload_id("<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                            "</InitiateMultipartUploadResult>"),
            "u");
  raised(ErrorCode::storage_failed, [] { parse_upload_id("<InitiateMultipartUploadResult/>"); });
  EXPECT_TRUE(says_completed("   <?xml version='1.0'?><CompleteMultipartUploadResult/>"));
  EXPECT_FALSE(says_completed("<Error><Code>InternalError</Code></Error>"));
  EXPECT_FALSE(says_completed(""));
}

TEST(S3Xml, WritesWhatItWouldRead) {
  const std::vector<std::string> names{"a<b>&\"c\"", "क"};
  const std::string xml = removal_xml(names);
  EXPECT_NE(xml.find("<Key>a&lt;b&gt;&amp;\"c\"</Key>"), std::string::npos) << xml;
  EXPECT_NE(xml.find("<Key>क</Key></Object><Quiet>true</Quiet></Delete>"), std::string::npos);
  const std::vector<std::string> etags{"\"e1\""};
  EXPECT_NE(completion_xml(etags).find("<Part><PartNumber>1</PartNumber>"), std::string::npos);
}

}  // namespace
}  // namespace bhashatts::blob
