#include "synth/openai.h"
