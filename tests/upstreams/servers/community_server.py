"""Hugging Face's own api-inference-community, put together as its docker images do it: its routes,
its checks, its ffmpeg, and a pipeline of ours, for which espeak-ng speaks.
"""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt
import uvicorn
from api_inference_community.routes import pipeline_route, status_ok
from starlette.applications import Starlette
from starlette.routing import Route

from recording import record
from spoken import ESPEAK_RATE, samples_of

FAULTY = "गड़बड़"


class EspeakPipeline:
    """What api-inference-community calls with the inputs, and the parameters as keywords."""

    sampling_rate = ESPEAK_RATE

    def __call__(self, inputs: str, description: str = "") -> tuple[npt.NDArray[np.float32], int]:
        record(text=inputs, description=description)
        if inputs == FAULTY:
            raise OSError("a fault of the pipeline's own")
        samples = samples_of(inputs).astype(np.float32) / np.float32(32_768)
        return samples, self.sampling_rate


class CommunityApp(Starlette):
    def get_pipeline(self) -> EspeakPipeline:
        return EspeakPipeline()


if __name__ == "__main__":
    os.environ["TASK"] = "text-to-speech"
    app = CommunityApp(
        routes=[
            Route("/{whatever:path}", status_ok),
            Route("/{whatever:path}", pipeline_route, methods=["POST"]),
        ]
    )
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
