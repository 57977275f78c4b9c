#include "engine/planner.h"

#include <utility>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "engine/identity.h"

namespace bhashatts::engine {
namespace {

// Of languages or of voice styles.
template <typename Named>
std::string names_of(std::span<const Named> all) {
  std::string names;
  for (const Named& one : all) names += (names.empty() ? "" : ", ") + one.name;
  return names;
}

const Language& require_language(std::string_view name) {
  const Language* found = find_language(name);
  if (found != nullptr && found->spoken) return *found;
  throw Error(ErrorCode::language_unknown,
              "Invalid language. Must be one of: " + names_of(languages()));
}

const VoiceStyle& require_voice_style(std::string_view name) {
  if (const VoiceStyle* found = find_voice_style(name)) return *found;
  throw Error(ErrorCode::voice_style_unknown,
              "Invalid voice_style. Must be one of: " + names_of(voice_styles()));
}

void check_page(const SpeechRequest& request) {
  if (request.page_number < 0 || (request.page_number > 0) != !request.story_id.empty()) {
    throw Error(ErrorCode::bad_request,
                "story_id and page_number (from 1) go together; give both or neither");
  }
  if (request.story_id.size() > 256 || request.user_id.size() > 256) {
    throw Error(ErrorCode::bad_request, "story_id and user_id may have 256 bytes each");
  }
}

Key speech_key_of(const Plan& plan, std::string_view secret) {
  std::vector<Key> keys;
  std::vector<std::int64_t> pauses;
  for (const Utterance& one : plan.utterances) {
    keys.push_back(one.key);
    pauses.push_back(one.pause_after_ms);
  }
  return speech_key(keys, pauses, plan.format, secret);
}

// Tamil writes a dead consonant (0.4 of an akshara in time) where other scripts write a conjunct,
// and is spoken faster: what lasts as long has a fifth more of them.
constexpr double kTamilMore = 1.2;

double most_aksharas(const Language& language, std::int32_t limit) {
  return language.name == "TAMIL" ? limit * kTamilMore : limit;
}

// ms. Readers aloud of children's books pause for about a third of a second between sentences and
// twice that between paragraphs; other servers of this model leave 150 to 250.
std::int64_t pause_at(text::Boundary boundary) {
  switch (boundary) {
    case text::Boundary::word: return 40;
    case text::Boundary::comma: return 160;
    case text::Boundary::sentence: return 320;
    case text::Boundary::line: return 400;
    case text::Boundary::paragraph: return 700;
    case text::Boundary::end: return 0;
  }
  return 0;
}

}  // namespace

Planner::Planner(PlannerOptions options, catalog::Catalog& catalog, const SharedCounter& generation)
    : options_(std::move(options)), catalog_(catalog), generation_(generation) {}

PlanPtr Planner::plan(const SpeechRequest& request) {
  check_page(request);
  const std::string_view style =
      request.voice_style.empty() ? options_.default_voice_style : request.voice_style;
  const RawRequest raw{request.text, request.language, style, request.format};
  if (PlanPtr known = memo_.find(raw); known && known->generation == generation_.read()) {
    return known;
  }
  const Language& language = require_language(request.language);
  const VoiceStyle& voice_style = require_voice_style(style);
  PlanPtr made = make(language, voice_style, request.format, spoken_text(request.text));
  memo_.put(raw, made);
  return made;
}

PlanPtr Planner::plan_again(const Plan& stale) {
  return make(*stale.language, *stale.voice_style, stale.format, stale.text);
}

PlanPtr Planner::make(const Language& language, const VoiceStyle& style, AudioFormat format,
                      std::string text) const {
  auto plan = std::make_shared<Plan>();
  plan->voice = options_.voice;
  plan->generation = generation_.read();  // before the takes: a reject in between is then noticed
  plan->language = &language;
  plan->voice_style = &style;
  plan->format = format;
  plan->description = get_voice_description(language.name, style.name, options_.voice_profile);
  plan->text = std::move(text);
  plan->text_length = static_cast<std::int32_t>(count_code_points(plan->text));
  for (const text::TextUtterance& part : split(*plan)) {
    plan->utterances.push_back(utterance(*plan, part.spoken));
    plan->utterances.back().pause_after_ms = pause_at(part.after);
  }
  if (plan->utterances.size() > 1) prefer_whole(*plan);
  plan->speech_key = speech_key_of(*plan, options_.key_secret);
  return plan;
}

// A page that was adopted in one piece is one utterance: it has a key of its own, and whoever
// rejects, forgets or times it need not know. Without its record (rejected, lost) the page is split
// as any other. Costs a page of several sentences 2 us, where its plan is not remembered.
void Planner::prefer_whole(Plan& plan) const {
  Utterance one = whole(plan);
  if (catalog_.utterance(one.key)) plan.utterances = {one};
}

Utterance Planner::whole(const Plan& plan) const {
  Utterance one = utterance(plan, plan.text);
  one.whole = plan.utterances.size() > 1 || (!plan.utterances.empty() && plan.utterances[0].whole);
  return one;
}

std::vector<text::TextUtterance> Planner::split(const Plan& plan) const {
  if (plan.utterances.size() == 1 && plan.utterances.front().whole) {
    return {{.whole = plan.text, .spoken = plan.text, .after = text::Boundary::end}};
  }
  return text::utterances(plan.text,
                          {.language = plan.language->name,
                           .most = most_aksharas(*plan.language, options_.max_aksharas)});
}

Utterance Planner::utterance(const Plan& plan, std::string_view text) const {
  Utterance one{.text = text, .base = {}, .key = {}, .take = 0};
  one.base = base_key(options_.synthesizer, plan.description, plan.language->name, text,
                      options_.key_secret);
  // Past those of which only another host's notice says that they were rejected: it names them by
  // their keys, and which text they are of is known here.
  for (one.take = catalog_.take_of(one.base);; ++one.take) {
    one.key = utterance_key(one.base, one.take, options_.key_secret);
    if (!catalog_.is_rejected(one.key)) return one;
  }
}

}  // namespace bhashatts::engine
