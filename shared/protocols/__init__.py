"""HTTP by uvicorn, with bounds for clients, and the processes that speak it. No API comes in."""
