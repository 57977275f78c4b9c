// Exports: settings.
#include <string>

#include "config_object.h"
#include "guard.h"
#include "values.h"

namespace bhashatts::c {

BHASHATTS_EXPORT bhashatts_status bhashatts_config_create(bhashatts_config** config) {
  return guarded([&] {
    begin_output(config, "config");
    *config = made<bhashatts_config>(Config{});
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_config_from_environment(bhashatts_config** config) {
  return guarded([&] {
    begin_output(config, "config");
    *config = made<bhashatts_config>(Config::from_environment());
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_config_set(bhashatts_config* config,
                                                       bhashatts_text name, bhashatts_text value) {
  return guarded([&] {
    const auto object = pinned(config);
    object->change([&](Config settings) {
      settings.set(name_of(name, "name"), name_of(value, "value"));
      return settings;
    });
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_config_set_json(bhashatts_config* config,
                                                            bhashatts_text json) {
  return guarded([&] {
    const auto object = pinned(config);
    object->change([&](Config settings) {
      return Config::from_json(name_of(json, "json"), std::move(settings));
    });
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_config_json(const bhashatts_config* config,
                                                        bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    *json = made_string(pinned(config)->get().to_json());
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_config_destroy(bhashatts_config* config) {
  return guarded([&] { destroyed(config); });
}

}  // namespace bhashatts::c
