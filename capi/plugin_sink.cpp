// An event sink that is a struct of function pointers.
#include <string>

#include "bhashatts/json.h"
#include "member.h"
#include "plugins.h"
#include "values.h"

namespace bhashatts::c {
namespace {

class CSink final : public EventSink {
 public:
  CSink(const bhashatts_event_sink& given, Contexts& contexts)
      : context_(given, contexts), members_(given) {
    name_ = plugin_name(given.name, "bhashatts_event_sink.name");
    require(members_.deliver, "bhashatts_event_sink.deliver");
  }

  std::string name() const override { return name_; }

  void deliver(std::span<const Event> events) override {
    const std::string json = to_json(events);
    call_keeper("the sink's deliver",
                [&] { return members_.deliver(context_.get(), text_of(json)); });
  }

 private:
  const Context context_;
  const bhashatts_event_sink members_;
  std::string name_;
};

}  // namespace

std::shared_ptr<EventSink> make_event_sink(const bhashatts_event_sink& given, Contexts& contexts) {
  return std::make_shared<CSink>(given, contexts);
}

}  // namespace bhashatts::c
