//! Long text in a narrow place: its beginning, how long it is, its end.
//!
//! Cuts between clusters only, never inside a mark. Looks at a bounded part of a large text, so that a
//! body of megabytes costs a frame no more than a line.

use unicode_segmentation::UnicodeSegmentation;

use super::characters::{CLOSE, OPEN, ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER};
use super::cluster::{Cluster, clusters};
use super::screen::{cells, runs};
use super::{Run, RunKind};

/// Bytes looked at from each end, for each cell to fill. A cell holds 64; the rest is for what is
/// dropped from it.
const BYTES_PER_CELL: usize = 256;
/// How much less than the whole width the words in the middle may take.
const ROOM_FOR_TEXT: usize = 12;

/// The runs of `bytes` in at most `width` cells.
pub(super) fn within(bytes: &[u8], width: usize) -> Vec<Run> {
    let window = BYTES_PER_CELL * width.max(16);
    if bytes.len() <= 2 * window {
        let whole = runs(clusters(bytes));
        if whole.iter().map(|run| cells(&run.text)).sum::<usize>() <= width {
            return whole;
        }
        return join(&whole, &whole, bytes.len(), width);
    }
    // The clusters at the cuts may be torn, so they are left out.
    let front: Vec<_> = clusters(&bytes[..boundary(bytes, window)]).collect();
    let back: Vec<_> = clusters(&bytes[boundary(bytes, bytes.len() - window)..]).collect();
    let front = front
        .split_last()
        .map_or(&[] as &[Cluster<'_>], |(_, rest)| rest);
    let back = back
        .split_first()
        .map_or(&[] as &[Cluster<'_>], |(_, rest)| rest);
    join(
        &runs(front.iter().copied()),
        &runs(back.iter().copied()),
        bytes.len(),
        width,
    )
}

/// Whether a run is a mark in `‹›`, which stands whole or not at all.
pub(super) fn is_whole(run: &Run) -> bool {
    run.kind == RunKind::Mark && run.text.starts_with(OPEN)
}

fn join(front: &[Run], back: &[Run], length: usize, width: usize) -> Vec<Run> {
    let long = format!("{OPEN}\u{2026}{length} bytes\u{2026}{CLOSE}");
    let sign = match width {
        0 => return Vec::new(),
        width if cells(&long) + ROOM_FOR_TEXT <= width => long,
        _ => "\u{2026}".to_owned(),
    };
    let room = width - cells(&sign);
    let mut joined = fit(front.iter(), room.div_ceil(2), beginning);
    joined.push(Run {
        text: sign,
        kind: RunKind::Mark,
    });
    let tail = fit(back.iter().rev(), room / 2, ending);
    joined.extend(tail.into_iter().rev());
    joined
}

/// The runs that fit into `room`, the last of them cut by `cut`.
fn fit<'r>(
    runs: impl Iterator<Item = &'r Run>,
    mut room: usize,
    cut: impl Fn(&str, usize) -> &str,
) -> Vec<Run> {
    let mut fitting = Vec::new();
    for run in runs {
        let text = cut(&run.text, room);
        let is_cut = text.len() < run.text.len();
        let may_be_cut = !is_whole(run) && !text.is_empty();
        if may_be_cut || !is_cut {
            room -= cells(text);
            fitting.push(Run {
                text: text.to_owned(),
                kind: run.kind,
            });
        }
        if is_cut {
            break;
        }
    }
    fitting
}

fn beginning(text: &str, room: usize) -> &str {
    // A joiner at the cut has lost what it stood before.
    text[..reach(text.graphemes(true), room)]
        .trim_end_matches([ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER])
}

fn ending(text: &str, room: usize) -> &str {
    &text[text.len() - reach(text.graphemes(true).rev(), room)..]
}

/// How many bytes of the clusters fit into `room` cells.
fn reach<'t>(clusters: impl Iterator<Item = &'t str>, room: usize) -> usize {
    let mut taken = 0;
    clusters
        .take_while(|cluster| {
            taken += cells(cluster);
            taken <= room
        })
        .map(str::len)
        .sum()
}

/// The first place at or behind `position` where no character of UTF-8 is torn.
fn boundary(bytes: &[u8], position: usize) -> usize {
    let torn = bytes[position..]
        .iter()
        .take(3)
        .take_while(|&&byte| byte & 0xc0 == 0x80);
    position + torn.count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Foreign;
    use super::*;

    #[track_caller]
    fn check(text: &str, width: usize, expected: &str) {
        assert_eq!(Foreign::from(text).screen_text_within(width), expected);
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        check("t-7f3k-03", 9, "t-7f3k-03");
        check("漢字", 4, "漢字");
        check("", 0, "");
    }

    #[test]
    fn the_beginning_and_the_end_remain() {
        check("t-7f3k-03", 8, "t-7f…-03");
        check("漢字テスト", 6, "漢…ト");
        check("t-7f3k-03", 1, "…");
        check("t-7f3k-03", 0, "");
    }

    #[test]
    fn where_there_is_room_the_length_is_told() {
        check(&"9".repeat(8192), 30, "99999999‹…8192 bytes…›99999999");
    }

    #[test]
    fn a_mark_is_never_cut() {
        check("ab\u{202e}cdefghijkl", 10, "ab…ijkl");
    }

    #[test]
    fn no_joiner_is_left_at_the_cut() {
        check("می\u{200c}خواهم", 5, "می…هم");
    }

    #[test]
    fn a_large_text_reads_as_a_small_one_does() {
        let text = "漢".repeat(1_000_000);
        check(&text, 9, "漢漢…漢漢");
        let torn = [b"ab".to_vec(), vec![0xff; 1_000_000], b"yz".to_vec()].concat();
        assert_eq!(
            Foreign::new(torn).screen_text_within(21),
            "ab‹0xFF›…‹0xFF›yz"
        );
    }

    proptest! {
        #[test]
        fn it_never_takes_more_than_its_width(text in "\\PC{0,40}|.{0,40}", width in 0_usize..50) {
            prop_assert!(cells(&Foreign::from(text.as_str()).screen_text_within(width)) <= width);
        }
    }
}
