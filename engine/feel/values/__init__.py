"""The values FEEL computes with, each frozen and free of input and output."""
