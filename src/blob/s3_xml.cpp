// pugixml neither fetches nor expands anything: a DOCTYPE is skipped, an entity of its own stays as
// it is written. Its parser does not recurse. Blank text is kept, because " " is a name that an
// object may have. encoding-type=url is not asked for: servers disagree on whether '+' then is a
// space; where one uses it unasked, it is read as Amazon writes it.
#include "blob/s3_xml.h"

#include <charconv>
#include <pugixml.hpp>

#include "net/ascii.h"

namespace bhashatts::blob {
namespace {

constexpr unsigned kHowToParse =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata | pugi::parse_eol;

std::string_view local_name(pugi::xml_node node) {
  std::string_view name = node.name();
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(pugi::xml_node parent, std::string_view name) {
  for (const auto node : parent) {
    if (local_name(node) == name) return node;
  }
  return {};
}

std::string text_of(pugi::xml_node parent, std::string_view name) {
  return child(parent, name).text().get();
}

// Returns whether the document is whole. Elements that stand in front of a cut are there all the
// same.
bool parse(pugi::xml_document& document, std::string_view body) {
  const auto result =
      document.load_buffer(body.data(), body.size(), kHowToParse, pugi::encoding_utf8);
  return result.status == pugi::status_ok;
}

[[noreturn]] void refuse(const char* what) {
  throw Error(ErrorCode::storage_failed,
              std::string("the object store answered with something that is no ") + what +
                  "; check that AWS_S3_ENDPOINT_URL is the address of an S3 service",
              true);
}

// The root element, by its name; raises for anything else and for what is cut off.
pugi::xml_node whole(pugi::xml_document& document, std::string_view body, std::string_view root,
                     const char* what) {
  const bool complete = parse(document, body);
  const auto node = child(document.root(), root);
  if (!complete || !node) refuse(what);
  return node;
}

std::uint64_t number_of(std::string_view text) {
  text = net::trimmed(text);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) refuse("list of objects");
  return number;
}

int digit_of(char c) {
  if (net::is_digit(c)) return c - '0';
  const char letter = net::lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::string url_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
    if (text[i] == '%' && high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

S3Trouble trouble_of(pugi::xml_node error) {
  return {.code = std::string(net::trimmed(text_of(error, "Code"))),
          .message = text_of(error, "Message"),
          .key = text_of(error, "Key"),
          .region = std::string(net::trimmed(text_of(error, "Region")))};
}

struct Text final : pugi::xml_writer {
  void write(const void* data, std::size_t size) override {
    written.append(static_cast<const char*>(data), size);
  }
  std::string written;
};

std::string text_of(const pugi::xml_document& document) {
  Text text;
  document.save(text, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(text.written);
}

void add(pugi::xml_node parent, const char* name, const std::string& value) {
  parent.append_child(name).text().set(value.c_str());
}

}  // namespace

std::optional<S3Trouble> parse_error(std::string_view body) {
  pugi::xml_document document;
  parse(document, body);
  S3Trouble trouble = trouble_of(child(document.root(), "Error"));
  if (trouble.code.empty()) return std::nullopt;
  return trouble;
}

S3Page parse_page(std::string_view body) {
  pugi::xml_document document;
  const auto list = whole(document, body, "ListBucketResult", "list of objects");
  const bool encoded = text_of(list, "EncodingType") == "url";
  S3Page page;
  for (const auto node : list) {
    if (local_name(node) != "Contents") continue;
    std::string name = text_of(node, "Key");
    if (name.empty()) refuse("list of objects");
    page.objects.push_back({.name = encoded ? url_decoded(name) : std::move(name),
                            .size_bytes = number_of(text_of(node, "Size"))});
  }
  if (net::trimmed(text_of(list, "IsTruncated")) != "true") return page;
  page.next_token = text_of(list, "NextContinuationToken");
  if (page.next_token.empty()) refuse("list of objects");
  return page;
}

std::string parse_upload_id(std::string_view body) {
  pugi::xml_document document;
  const auto answer =
      whole(document, body, "InitiateMultipartUploadResult", "beginning of an upload");
  std::string id = text_of(answer, "UploadId");
  if (id.empty()) refuse("beginning of an upload");
  return id;
}

std::vector<S3Trouble> parse_removal(std::string_view body) {
  pugi::xml_document document;
  std::vector<S3Trouble> troubles;
  for (const auto node : whole(document, body, "DeleteResult", "report of a removal")) {
    if (local_name(node) == "Error") troubles.push_back(trouble_of(node));
  }
  return troubles;
}

bool says_completed(std::string_view body) {
  pugi::xml_document document;
  return parse(document, body) && child(document.root(), "CompleteMultipartUploadResult");
}

std::string removal_xml(std::span<const std::string> keys) {
  pugi::xml_document document;
  auto root = document.append_child("Delete");
  root.append_attribute("xmlns").set_value("http://s3.amazonaws.com/doc/2006-03-01/");
  for (const auto& key : keys) add(root.append_child("Object"), "Key", key);
  add(root, "Quiet", "true");
  return text_of(document);
}

std::string completion_xml(std::span<const std::string> etags) {
  pugi::xml_document document;
  auto root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns").set_value("http://s3.amazonaws.com/doc/2006-03-01/");
  int number = 0;
  for (const auto& etag : etags) {
    auto part = root.append_child("Part");
    add(part, "PartNumber", std::to_string(++number));
    add(part, "ETag", etag);
  }
  return text_of(document);
}

}  // namespace bhashatts::blob
