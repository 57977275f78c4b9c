// Why verbs and no rule of form: behind `?”` stands now who asked, now the next sentence, and only
// the verb tells. A verb that is missing here costs a pause too many, a wrong one a longer
// utterance; so neither list is long. Hindi, Gujarati and Punjabi list forms where a stem would
// take in other words (कहा, but कहाँ, कहानी; ਦੱਸਿਆ), Dravidian verbs are listed by stem.
// Laughing and smiling report only in forms that end a clause: one who leaves laughing says
// nothing.
#include "text/reporting.h"

#include <array>

#include "text/marks.h"
#include "text/script.h"
#include "text/utf8.h"

namespace bhashatts::text {
namespace {

constexpr int kMostWords = 8;

// A word with * is a stem.
struct Verbs {
  Script script;
  std::string_view verbs;
};

constexpr std::array<Verbs, 7> kVerbs{{
    {Script::devanagari,
     "कहा कहे कही कहता कहती कहते कहतीं कहने कहकर कहके कह बोला बोली बोले बोलीं बोलता बोलती बोलते बोलकर "
     "बोलने बोल पूछा पूछी पूछता पूछती पूछते पूछने पूछकर पूछ पूछे चिल्लाया चिल्लाई चिल्लायी चिल्लाए "
     "चिल्लाये चिल्लाईं चिल्लाते चिल्लाती चिल्लाता चिल्लाने चिल्लाकर चिल्ला पुकारा पुकारी पुकारने "
     "पुकारते पुकारता पुकारती पुकार फुसफुसाया फुसफुसाई फुसफुसाए फुसफुसाते बुदबुदाया बुदबुदाई "
     "बुदबुदाए बड़बड़ाया बड़बड़ाई बड़बड़ाए चीखा चीखी चीखे चीख़ा चीख़ी चीख़े गरजा गरजी गरजे दहाड़ा "
     "दहाड़ी दहाड़े सोचा सोचती सोचता सोचते सोचने बताया बताई बताये बताए बताती बताता बताते समझाया "
     "समझाई समझाते सुनाया हँसा हँसी हँसे हँसीं हंसा हंसी हंसे मुस्कुराया मुस्कुराई मुस्कुराए "
     "मुस्कुरायी मुस्कुराईं मुस्कराया मुस्कराई मुस्कराए गिड़गिड़ाया गिड़गिड़ाई गिड़गिड़ाए "
     "झल्लाया झल्लाई झल्लाए भुनभुनाया भुनभुनाई जवाब सवाल डाँटा डांटा टोका दोहराया दोहराई फुँकारा फुंकारा "
     "गुनगुनाया गुनगुनाई "
     "ललकारा"},
    {Script::gujarati,
     "કહ્યું કહે કહેતો કહેતી કહેતા કહેતાં કહેવા કહીને પૂછ્યું પુછ્યું પૂછે પૂછતો પૂછતી પૂછવા "
     "પૂછીને બોલ્યો બોલી બોલ્યા બોલ્યાં બોલ્યું બોલે બોલતો બોલતી બોલીને બોલવા બૂમ ચીસ વિચાર્યું "
     "વિચારે વિચારવા વિચારતો વિચારતી જણાવ્યું સમજાવ્યું ચિલ્લાયો ચિલ્લાઈ બબડ્યો બબડી બબડ્યા "
     "ગણગણ્યો ગણગણી ગર્જ્યો હસ્યો હસી હસ્યા હસ્યાં જવાબ બબડ્યું મલકાયો મલકાઈ મલક્યો મલકી"},
    {Script::gurmukhi,
     "ਕਿਹਾ ਕਹਿ ਕਹਿੰਦਾ ਕਹਿੰਦੀ ਕਹਿੰਦੇ ਕਹਿਣ ਕੇਹਾ ਆਖਿਆ ਆਖਦਾ ਆਖਦੀ ਬੋਲਿਆ ਬੋਲੀ ਬੋਲੇ ਬੋਲੀਆਂ ਬੋਲਾ ਬੋਲ "
     "ਬੋਲਣ ਪੁੱਛਿਆ ਪੁਛਿਆ ਪੁੱਛਦਾ ਪੁੱਛਦੀ ਪੁੱਛਣ ਪੁੱਛ ਚੀਕਿਆ ਚੀਕੀ ਚੀਕੇ ਚਿੱਲਾਇਆ ਚਿੱਲਾਈ ਚਿੱਲਾਏ ਸੋਚਿਆ "
     "ਸੋਚਦਾ ਸੋਚਦੀ ਸੋਚਣ ਦੱਸਿਆ ਦਸਿਆ ਪੁਕਾਰਿਆ ਪੁਕਾਰੀ ਸਮਝਾਇਆ ਸੁਣਾਇਆ ਗਰਜਿਆ ਗਰਜੀ ਹੱਸਿਆ ਹੱਸੀ ਹੱਸੇ "
     "ਮੁਸਕਰਾਇਆ ਮੁਸਕਰਾਈ ਮੁਸਕਰਾਏ ਜਵਾਬ ਦਹਾੜਿਆ ਦਹਾੜੀ ਬੁੜਬੁੜਾਇਆ ਬੁੜਬੁੜਾਈ"},
    {Script::tamil,
     "என்று என எனக் எனச் எனத் எனப் என்பேன் என்ற என்றாள் என்றான் என்றார் என்றார்கள் என்றேன் என்றது என்றன என்றபடி என்றவ* "
     "என்பா* என்கிறா* என்கிறது "
     "என்னும் கேட்டா* "
     "கேட்டது கேட்டன* கேட்கிறா* கேட்கிறது சொன்னா* சொன்னது சொல்லி* சொல்கிறா* சொல்கிறது கூறினா* "
     "கூறியது கூறின கூறுகிறா* கத்தினா* கத்தியது கூவினா* கூவியது அலறினா* அலறியது யோசித்தா* "
     "யோசித்தது நினைத்தா* நினைத்தது பதிலளித்தா* பதிலளித்தது முணுமுணுத்தா* முணுமுணுத்தது சிரித்தா* "
     "சிரித்தது புலம்பினா* புலம்பியது கெஞ்சினா* கெஞ்சியது"},
    {Script::telugu,
     "అని అంటూ అంటా* అంటుంది అంటోంది అన్నాడు అన్నారు అన్నాను అన్నాయి అంది అన్నది అనుకున్నా* అనుకుంది అనుకుం* "
     "అనుకొ* అడిగా* అడిగింది అడుగుతా* అడుగుతుంది చెప్పా* చెప్పింది చెబుతా* అరిచా* "
     "అరిచింది అరుస్తూ కేక కేకలు కేకేసింది కేకేశాడు ఆలోచించా* ఆలోచించింది ప్రశ్నించ* జవాబు* గొణిగా* గొణిగింది "
     "గునిసింది నవ్వా* నవ్వింది పలికా* పలికింది మూలిగా* మూలిగింది"},
    {Script::malayalam,
     "എന്ന് എന്നു എന്നും എന്നവർ പറഞ്ഞ* പറയുന്ന* ചോതിച്ച* ചോദിച്ച* ചോദിക്ക* വിളിച്ചു* അലറി* നിലവിളിച്ച* "
     "ചിന്തിച്ച* ഓർത്തു മറുപടി* മന്ത്രിച്ച* മുറുമുറുത്ത* പിറുപിറുത്ത* ആക്രോശിച്ച* അതിശയിച്ച* "
     "കരഞ്ഞു ചിരിച്ചു ആർത്തു*"},
    {Script::latin,
     "said says asked asks cried shouted replied answered whispered called screamed thought "
     "exclaimed wondered"},
}};

// Behind a quote, and behind a question or an exclamation that has no quotes.
constexpr std::array<Verbs, 3> kQuotatives{{
    {Script::tamil,
     "என்று என எனக் எனச் எனத் எனப் என்பேன் என்றபடி என்றாள் என்றான் என்றார் என்றார்கள் என்றது என்றன என்னும்"},
    {Script::telugu, "అని అంటూ అనే"},
    {Script::malayalam, "എന്ന് എന്നു എന്ന എന്നവർ"},
}};

bool has_form(std::string_view forms, std::string_view word) {
  while (!forms.empty()) {
    const std::size_t blank = forms.find(' ');
    const std::string_view form = forms.substr(0, blank);
    const bool is_stem = form.back() == '*';
    if (is_stem ? word.starts_with(form.substr(0, form.size() - 1)) : word == form) return true;
    if (blank == std::string_view::npos) break;
    forms.remove_prefix(blank + 1);
  }
  return false;
}

template <std::size_t size>
bool is_listed(const std::array<Verbs, size>& lists, std::string_view word) {
  std::size_t at = 0;
  const Script script = script_of(decode(word, at));
  for (const Verbs& list : lists) {
    if (list.script == script) return has_form(list.verbs, word);
  }
  return false;
}

// To be read on; the word may be empty.
std::string_view next_word(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::size_t end = at;
  for (; at < text.size(); end = at) {
    if (mark_of(decode(text, at)) != Mark::word) break;
  }
  at = end;
  return text.substr(begin, end - begin);
}

bool parts_words(Mark mark, bool within) {
  return (within && is_single(mark)) || mark == Mark::blank || mark == Mark::dash ||
         mark == Mark::hyphen || mark == Mark::digit;
}

}  // namespace

bool is_reporting_clause(std::string_view text, std::size_t from, std::size_t& looked_at) {
  int words = 0;
  for (std::size_t at = from; at < text.size() && words < kMostWords;) {
    const std::string_view word = next_word(text, at);
    looked_at += word.size() + 1;
    if (!word.empty() && is_listed(kVerbs, word)) return true;
    words += word.empty() ? 0 : 1;
    if (at < text.size() && !parts_words(mark_of(decode(text, at)), words > 0)) return false;
  }
  return false;
}

bool begins_with_quotative(std::string_view text, std::size_t from) {
  constexpr std::size_t kLongest = 48;  // a longer word is none
  std::size_t end = from;
  for (std::size_t at = from; at < text.size() && end - from < kLongest; end = at) {
    if (mark_of(decode(text, at)) != Mark::word) break;
  }
  return end > from && is_listed(kQuotatives, text.substr(from, end - from));
}

}  // namespace bhashatts::text
