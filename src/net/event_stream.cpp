#include "net/event_stream.h"
