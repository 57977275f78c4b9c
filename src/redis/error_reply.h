// What Redis says when it says no, as one of our errors.
//
// Thread rule: pure functions.
#pragma once

#include "bhashatts/error.h"
#include "redis/redis.h"

namespace bhashatts::redis {

// reply: of kind error.
Error error_of(const Reply& reply);
// The same of a reply to AUTH, whatever it says.
Error refused_login(const Reply& reply);
// A reply of a kind that the command does not have.
Error unexpected_reply();

// Raises error_of() an error reply; gives any other back.
Reply checked(Reply reply);

// Whether it says that the server as a whole cannot serve us just now (LOADING, NOAUTH, ...), so
// that asking anything else would be in vain.
bool concerns_server(const Reply& reply) noexcept;

}  // namespace bhashatts::redis
