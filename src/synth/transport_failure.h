// An exchange without an answer, in words that say what to do about it.
//
// Thread rule: a pure function.
#pragma once

#include "net/http.h"
#include "synth/error_reply.h"

namespace bhashatts::synth {

// Code, retryable and detail stay.
Error explained(const net::TransportError& error, Service service);

}  // namespace bhashatts::synth
