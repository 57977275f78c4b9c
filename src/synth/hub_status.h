// Whether Hugging Face's router serves a model, as its Hub tells: a look that costs nothing.
//
// Thread rule: any thread.
#pragma once

#include <string>

#include "synth/attempt.h"

namespace bhashatts::synth {

// Raises the Error that calling the model would end in; returns where the router serves it.
// The Hub gets the token: it is where the token is from, and else it says nothing of the account.
void require_served_by_router(const Target& target, const std::string& hub_url);

}  // namespace bhashatts::synth
