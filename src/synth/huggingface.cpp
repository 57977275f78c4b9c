#include "synth/huggingface.h"
