//! An address as a QR code, for the camera of a phone.

use qrcode::{EcLevel, QrCode};

/// The modules of a code, row by row, without the quiet zone around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    side: usize,
    dark: Vec<bool>,
}

impl Code {
    /// `None` for a text that is too long for any code. A screen is not a dirty label: the least
    /// correction gives the smallest code.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        Some(Self {
            side: code.width(),
            dark: code
                .into_colors()
                .into_iter()
                .map(|color| color == qrcode::Color::Dark)
                .collect(),
        })
    }

    /// Modules along one side.
    pub const fn side(&self) -> usize {
        self.side
    }

    /// Whether a module is dark. Around the code all are light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && y < self.side && self.dark[y * self.side + x]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_light_around() {
        let code = Code::of("http://127.0.0.1:2646/pages/5f3a").unwrap();
        let last = code.side() - 1;
        for (x, y) in [(0, 0), (last, 0), (0, last)] {
            assert!(code.is_dark(x, y), "{x}, {y}");
        }
        assert!(!code.is_dark(code.side(), 0));
        assert!(!code.is_dark(0, code.side()));
    }

    #[test]
    fn what_is_too_long_for_a_code_has_none() {
        assert_eq!(Code::of(&"a".repeat(10_000)), None);
    }
}
