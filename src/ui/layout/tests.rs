//! No pane is lost, none lies over another, and small screens show what has the keys.

use super::*;

const WISHES: [(Slot, Wish); 6] = [
    (Slot::Side, Wish { least: 6, most: 6 }),
    (Slot::Side, Wish { least: 3, most: 9 }),
    (Slot::Side, Wish { least: 4, most: 8 }),
    (Slot::Table, Wish { least: 4, most: 26 }),
    (
        Slot::Detail,
        Wish {
            least: 6,
            most: u16::MAX,
        },
    ),
    (Slot::Shelf, Wish { least: 3, most: 30 }),
];

fn open(width: u16, height: u16, focus: usize) -> Vec<u16> {
    let places = arrange(Rect::new(0, 0, width, height), focus, false, &WISHES, None);
    places.panes.iter().map(|place| place.body.height).collect()
}

#[test]
fn places_never_overlap_nor_leave_the_screen() {
    for width in [0, 1, 5, 20, 59, 60, 80, 99, 100, 120, 159, 160, 200, 300] {
        for height in 0..=60 {
            for focus in 0..6 {
                for is_zoomed in [false, true] {
                    let area = Rect::new(0, 0, width, height);
                    let places = arrange(area, focus, is_zoomed, &WISHES, Some(70));
                    let panes = places
                        .panes
                        .iter()
                        .flat_map(|place| [place.title, place.body]);
                    let all: Vec<Rect> = panes.chain([places.header, places.footer]).collect();
                    for (index, one) in all.iter().enumerate() {
                        assert!(
                            one.is_empty() || area.union(*one) == area,
                            "{width}x{height}: {one}"
                        );
                        for other in &all[index + 1..] {
                            assert!(
                                one.intersection(*other).is_empty(),
                                "{width}x{height}: {one} {other}"
                            );
                        }
                    }
                    let place = places.panes[focus];
                    assert!(
                        height < 1 || width < 1 || !place.title.is_empty(),
                        "{width}x{height}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_small_screen_opens_only_the_pane_that_has_the_keys() {
    assert_eq!(open(60, 15, 0), [8, 0, 0, 0, 0, 0]);
    assert_eq!(open(60, 15, 4), [0, 0, 0, 0, 8, 0]);
    assert_eq!(open(60, 15, 5), [0, 0, 0, 0, 0, 7]);
}

#[test]
fn one_column_folds_the_small_panes() {
    assert_eq!(open(80, 24, 4), [0, 0, 0, 8, 9, 0]);
    assert_eq!(open(80, 24, 3), [0, 0, 0, 11, 6, 0]);
    assert_eq!(open(80, 24, 0), [6, 0, 0, 0, 11, 0]);
    let places = arrange(Rect::new(0, 0, 80, 24), 4, false, &WISHES, None);
    let (host, lodger) = (places.panes[2].title, places.panes[5].title);
    assert_eq!(
        (host.y, host.right()),
        (lodger.y, lodger.x),
        "they share a row"
    );
}

#[test]
fn more_columns_open_everything() {
    assert!(open(120, 36, 2).iter().all(|rows| *rows > 0));
    assert_eq!(open(120, 36, 2)[3..5], [13, 17]);
    let places = arrange(Rect::new(0, 0, 200, 60), 0, false, &WISHES, None);
    assert_eq!(places.panes[3].body.height, 26, "as high as its rows");
    assert_eq!(
        (places.panes[5].title.x, places.panes[5].body.width),
        (places.panes[3].title.x, places.panes[3].body.width),
        "requests stand below the table"
    );
    assert_eq!(places.panes[5].body.bottom(), 59);
    assert_eq!(places.panes[4].body.right(), 200);
    assert_eq!(places.panes[4].body.width, 70);
    let places = arrange(Rect::new(0, 0, 200, 60), 0, false, &WISHES, Some(64));
    assert_eq!(places.panes[3].body.width, 64);
    assert_eq!(places.panes[4].body.width, 86, "what a table does not need");
}

#[test]
fn a_long_table_leaves_room_for_what_stands_below_it_whoever_has_the_keys() {
    let mut wishes = WISHES;
    wishes[3].1.most = u16::MAX;
    for focus in 0..6 {
        let places = arrange(Rect::new(0, 0, 200, 60), focus, false, &wishes, None);
        let rows = |pane: usize| places.panes[pane].body.height;
        assert_eq!((rows(3), rows(5)), (34, 20), "{focus}");
    }
    wishes[5].1 = Wish { least: 2, most: 2 };
    let places = arrange(Rect::new(0, 0, 200, 60), 0, false, &wishes, None);
    assert_eq!(places.panes[3].body.height, 52, "what is not wanted there");
}

#[test]
fn a_zoomed_pane_fills_the_screen_between_header_and_footer() {
    let places = arrange(Rect::new(0, 0, 80, 24), 3, true, &WISHES, None);
    assert_eq!(places.panes[3].body, Rect::new(0, 2, 80, 21));
    assert!(places.panes[4].title.is_empty());
}
