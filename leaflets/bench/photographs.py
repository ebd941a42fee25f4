"""Photographs for the bench: twelve megapixels with the grain and the gradients of a real one, made by code."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

WIDTH_PX, HEIGHT_PX = 4000, 3000


def photograph(path: Path, *, seed: int) -> Path:
    """Write one 4000 × 3000 sRGB JPEG of about 4 MB at `path`, unless it is there. `seed` turns its colours."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    size = (WIDTH_PX, HEIGHT_PX)
    sky = Image.linear_gradient("L").resize(size)
    clouds = Image.effect_noise((64, 48), 90).resize(size, Image.Resampling.BICUBIC)
    streets = Image.effect_noise((500, 375), 70).resize(size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 14).filter(ImageFilter.GaussianBlur(0.8))
    bands = [
        Image.blend(Image.blend(sky, clouds, 0.4), Image.blend(streets, clouds, 0.3), 0.35),
        Image.blend(Image.blend(clouds, sky, 0.5), streets, 0.3),
        Image.blend(ImageChops.invert(sky), clouds, 0.5),
    ]
    turned = bands[seed % 3 :] + bands[: seed % 3]
    photo = Image.merge("RGB", [Image.blend(band, grain, 0.25) for band in turned])
    photo.save(path, quality=92, dpi=(300, 300))
    return path
