//! A link as a QR code (ISO/IEC 18004), as a shape to be drawn.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Modules of the quiet zone on each side.
const QUIET: i32 = 4;
/// The largest version that a camera reads from a screen without trouble: 117 modules, 1,273 octets.
const LARGEST: u8 = 25;

/// A code to be drawn: its dark modules as the path of an SVG, one unit a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeShape {
    /// Units on each side, quiet zone included.
    pub size: i32,
    /// The path.
    pub path: String,
}

/// The link as a code; none if it is too long for one.
pub fn code(link: &str) -> Option<CodeShape> {
    let segments = QrSegment::make_segments(link);
    let (least, most) = (Version::MIN, Version::new(LARGEST));
    let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, least, most, None, true).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let dark = (x..code.size()).take_while(|&x| code.get_module(x, y)).count();
            let run = i32::try_from(dark).ok()?;
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run + 1;
        }
    }
    Some(CodeShape { size: code.size() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that the path covers.
    fn modules(shape: &CodeShape) -> Vec<(i32, i32)> {
        let runs = shape.path.split('M').skip(1).map(|run| {
            let numbers = run.split([' ', 'h', 'v']).take(3).map(|number| number.parse().unwrap());
            let numbers: Vec<i32> = numbers.collect();
            (numbers[0], numbers[1], numbers[2])
        });
        runs.flat_map(|(x, y, run)| (x..x + run).map(move |x| (x, y))).collect()
    }

    #[test]
    fn the_path_covers_the_dark_modules_and_no_others() {
        let link = "https://mail.example/#/check/example.org?ip=192.0.2.1";
        let (shape, code) = (code(link).unwrap(), QrCode::encode_text(link, QrCodeEcc::Low).unwrap());
        assert_eq!(shape.size, code.size() + 2 * QUIET);
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark: Vec<(i32, i32)> = dark.filter(|&(x, y)| code.get_module(x, y)).collect();
        let drawn: Vec<_> = modules(&shape).into_iter().map(|(x, y)| (x - QUIET, y - QUIET)).collect();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn what_no_camera_would_read_is_no_code() {
        assert!(code(&"x".repeat(1_273)).is_some());
        assert_eq!(code(&"x".repeat(1_274)), None);
    }
}
