// The lists are short on purpose. A word belongs on `holds` only if no sentence ends with it: that
// is why செல்வி (a title, and a girl's name), ડૉ's neighbour સૌ (a title, and "all") or ਕੁ are on
// none. What also is a word, but is safe beside its like, is on `chains`: ली in मि.ली. is "took"
// elsewhere, and of the names of letters आई is "came", जी a courtesy, ਸੀ "was", టీ tea.
// Left out too are letters that are particles: न, જ; and હ, which laughs.
#include "text/abbreviations.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bhashatts::text {
namespace {

struct Lists {
  std::string_view language;
  std::string_view holds;           // titles; money and companies; measures; numbers and dates
  std::string_view chains;          // beside their like only
  std::string_view letters;         // names of Latin letters, and letters that stand for names
  std::string_view unsafe_letters;  // names that are words: beside their like only
  std::string_view numbered;
};

constexpr std::array<Lists, 7> kLists{{
    {"HINDI",
     "डॉ डा श्री सुश्री कु पं प्रो स्व मो इं "
     "रु रू कं प्रा लि "
     "कि मी सें ग्रा मि "
     "नं पृ सं क्र ता जि प्र ई उदा",
     "से ली पू",
     "ए बी डी ई एफ एफ़ एच जे के एल एम एन ओ क्यू आर एस टी यू वी डब्ल्यू डब्लू एक्स वाई वाय ज़ेड "
     "जेड क ख ग घ च छ ज ट ड त द प ब भ म र ल श स ह अ उ",
     "आई जी सी पी", ""},
    {"GUJARATI",
     "શ્રી ડૉ ડો પ્રો સ્વ કુ પં "
     "રૂ રુ કં પ્રા લિ "
     "કિ મી સે ગ્રા મિ "
     "નં પૃ તા જિ ઈ",
     "લી પૂ દા",
     "બી સી ડી ઈ એફ એચ જે કે એલ એમ એન ઓ ક્યુ ક્યૂ આર એસ ટી યુ યૂ વી ડબલ્યુ એક્સ વાય ઝેડ "
     "ક ખ ગ ઘ ચ ટ ડ ત દ પ બ ભ મ ર લ શ સ અ ઉ",
     "એ આઈ જી પી", ""},
    {"PUNJABI",
     "ਡਾ ਸ ਸ੍ਰ ਸ੍ਰੀ ਸ਼੍ਰੀ ਗਿ ਪ੍ਰੋ ਸਵ ਇੰਜ ਪੰ "
     "ਰੁ ਰੂ ਕੰ ਪ੍ਰਾ ਲਿ "
     "ਕਿ ਮੀ ਸੈਂ ਸੈ ਗ੍ਰਾ ਮਿ "
     "ਨੰ ਜ਼ਿ ਈ ਉਦਾ",
     "ਲੀ ਪੂ",
     "ਬੀ ਡੀ ਐਫ ਐਫ਼ ਐਚ ਜੇ ਕੇ ਐਲ ਐਮ ਐਨ ਕਿਊ ਆਰ ਐਸ ਟੀ ਯੂ ਡਬਲਯੂ ਡਬਲਿਊ ਐਕਸ ਵਾਈ ਜ਼ੈੱਡ ਜ਼ੈਡ "
     "ੳ ਅ ੲ ਕ ਖ ਗ ਘ ਚ ਜ ਟ ਡ ਤ ਦ ਪ ਬ ਭ ਮ ਰ ਲ",
     "ਏ ਸੀ ਜੀ ਆਈ ਓ ਪੀ ਵੀ", ""},
    {"TAMIL",
     "திரு திருமதி பேரா டாக் "
     "ரூ நிறு லிட் "
     "கி மீ செ மி கிரா "
     "பக் தொ",
     "லி கா பே",
     "பி டி எஃப் ஜி எச் ஹெச் ஜே கே எல் எம் என் க்யூ ஆர் எஸ் யு யூ வி டபிள்யூ எக்ஸ் ஒய் இசட் "
     "க ச ட த ந ப ம ய ர ல வ அ இ உ எ மு கு சு ரா பெ வே தி",
     "ஏ சி ஈ ஐ ஓ", "எண்"},
    {"TELUGU",
     "డా శ్రీ ప్రొ చి స్వ "
     "రూ రు కం ప్రై లి "
     "సెం మీ గ్రా మి "
     "నెం పే తే జి క్రీ గం నిమి ఉదా",
     "కి లీ పూ",
     "ఎ బి సి డి ఎఫ్ జి హెచ్ ఐ జె జే కె కే ఎల్ ఎమ్ ఎం ఎన్ పి క్యూ ఆర్ ఎస్ టి యు వి డబ్ల్యు "
     "డబ్ల్యూ ఎక్స్ వై జెడ్ అ క గ చ జ ట డ త ద న ప బ మ య ర ల వ శ స",
     "ఏ ఇ ఈ ఒ ఓ టీ వీ", ""},
    {"MALAYALAM",
     "ഡോ ശ്രീ കു പ്രൊ പ്രൊഫ അഡ്വ ബഹു "
     "രൂ പ്രൈ ലി "
     "കി മീ സെ ഗ്രാ മി "
     "നം പേ ക്രി ഉദാ",
     "മു",
     "എ ബി സി ഡി ഇ എഫ് ജി എച്ച് ഐ ജെ കെ എൽ എം എൻ ഒ പി ക്യു ക്യൂ ആർ എസ് ടി യു വി ഡബ്ല്യു ഡബ്ള്യു "
     "എക്സ് വൈ ഇസഡ് സെഡ് അ ഉ ക ഗ ച ജ ട ത ദ ന പ ബ മ യ ര ല വ സ",
     "", ""},
    // Single letters have a rule of their own below. "No." is more often an answer than a number.
    {"ENGLISH", "Mr Mrs Ms Dr Prof St Sr Jr Rs Ltd Co Pvt vs etc km cm mm kg ml", "", "", "", "No"},
}};

const Lists* lists_of(std::string_view language) {
  const auto* found = std::ranges::find(kLists, language, &Lists::language);
  return found == kLists.end() ? nullptr : found;
}

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t blank = std::min(list.find(' '), list.size());
    if (blank > 0) words.push_back(list.substr(0, blank));
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
  return words;
}

// A list is searched as it is written: some 300 bytes, and only where a dot stands.
bool has(std::string_view list, std::string_view word) {
  for (std::size_t at = list.find(word); at != std::string_view::npos;
       at = list.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || list[at - 1] == ' ';
    if (begins && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

// A capital is an initial; I is a word.
Abbreviation latin_letter(char letter) {
  const bool capital = letter >= 'A' && letter <= 'Z';
  return {.holds = capital && letter != 'I', .chains = true, .letter = capital};
}

bool is_latin_letter(std::string_view word) {
  if (word.size() != 1) return false;
  const char lower = static_cast<char>(word[0] | 0x20);
  return lower >= 'a' && lower <= 'z';
}

Abbreviation listed_in(const Lists& lists, std::string_view word) {
  Abbreviation known;
  const bool safe_letter = has(lists.letters, word);
  known.letter = safe_letter || has(lists.unsafe_letters, word);
  known.holds = safe_letter || has(lists.holds, word);
  known.chains = known.holds || known.letter || has(lists.chains, word);
  known.numbered = has(lists.numbered, word);
  return known;
}

void append(std::vector<std::string_view>& all, std::string_view list) {
  for (const std::string_view word : words_of(list)) all.push_back(word);
}

}  // namespace

Abbreviation abbreviation(std::string_view language, std::string_view word) {
  if (word.empty() || word.size() > kLongestAbbreviation) return {};
  if (word.find(' ') != std::string_view::npos) return {};
  if (is_latin_letter(word)) return latin_letter(word[0]);
  if (static_cast<unsigned char>(word[0]) < 0x80) return listed_in(kLists.back(), word);
  const Lists* lists = lists_of(language);
  return lists == nullptr ? Abbreviation{} : listed_in(*lists, word);
}

std::vector<std::string_view> listed_abbreviations(std::string_view language) {
  std::vector<std::string_view> all;
  if (const Lists* lists = lists_of(language)) {
    for (const auto list : {lists->holds, lists->chains, lists->numbered}) append(all, list);
  }
  return all;
}

std::vector<std::string_view> listed_letters(std::string_view language) {
  std::vector<std::string_view> all;
  if (const Lists* lists = lists_of(language)) {
    for (const auto list : {lists->letters, lists->unsafe_letters}) append(all, list);
  }
  return all;
}

}  // namespace bhashatts::text
