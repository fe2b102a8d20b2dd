//! Rows made ready to be filtered and sorted, page by page, and what that takes.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::app::resources::{List, Row};
use crate::document::Document;
use crate::domain::Body;
use crate::ui::panes::resources::cells::Cells;
use crate::ui::panes::resources::kinds::{KINDS, Kind, OF_TRANSFERS};
use crate::ui::panes::resources::names::Names;
use crate::ui::panes::resources::order::Sort;
use crate::ui::panes::resources::sheet::Sheet;

const TRANSFERS: &Kind = &KINDS[OF_TRANSFERS];

/// Appends a page with transfers of these numbers.
fn add(list: &mut List, numbers: std::ops::Range<usize>) {
    let item = |number: usize| {
        let status = ["pending", "processed", "failed"][number % 3];
        let name = ["Rent", "Payout", "Emergency fund"][number / 3 % 3];
        format!(
            r#"{{"id":"t{number}","routine_name":"{name}","source_id":"acc_{}","destination_id":"acc_{}","amount":{}.5,"payment_type":"ach","initiated":"2026-03-{:02}T11:58:03.120000","status":"{status}"}}"#,
            number % 7,
            number % 5,
            number * 37 % 1000,
            1 + number % 28,
        )
    };
    add_items(list, &numbers.map(item).collect::<Vec<_>>());
}

/// Appends a page with `items`.
fn add_items(list: &mut List, items: &[String]) {
    let text = format!("[{}]", items.join(","));
    let page = Arc::new(Document::parse(Body::new(text)));
    let number = u32::try_from(list.pages.len()).unwrap();
    let rows = page.children(page.root().unwrap());
    list.rows
        .extend(rows.map(|node| Row { page: number, node }));
    list.pages.push(page.clone());
}

fn follow(sheet: &mut Sheet, list: &List, sort: Option<Sort>, filter: &str) {
    let names = Names::default();
    let cells = Cells {
        list,
        names: &names,
        zone: &TimeZone::UTC,
    };
    sheet.follow(TRANSFERS, cells, sort, filter);
}

fn shown(sheet: &Sheet) -> Vec<usize> {
    (0..sheet.len()).filter_map(|at| sheet.row(at)).collect()
}

/// Number of the column called `heading`.
fn column(heading: &str) -> usize {
    let mut columns = TRANSFERS.columns.iter();
    columns
        .position(|column| column.heading == heading)
        .unwrap()
}

#[test]
fn every_word_of_a_filter_is_found_in_any_column_in_any_case() {
    let mut list = List::default();
    add(&mut list, 0..12);
    let mut sheet = Sheet::default();
    for (filter, expected) in [
        ("", (0..12).collect::<Vec<_>>()),
        ("  ", (0..12).collect()),
        ("RENT", vec![0, 1, 2, 9, 10, 11]),
        ("rent pend", vec![0, 9]),
        ("37.50", vec![1]),
        ("12 mar", vec![11]),
        ("payout proc", vec![4]),
        ("fund", vec![6, 7, 8]),
        ("no such thing", vec![]),
    ] {
        follow(&mut sheet, &list, None, filter);
        assert_eq!(shown(&sheet), expected, "{filter:?}");
    }
}

#[test]
fn pages_that_come_later_are_filtered_and_sorted_like_the_first() {
    let by_amount = Some(Sort {
        column: column("amount $"),
        is_descending: true,
    });
    let by_time = Some(Sort {
        column: column("started"),
        is_descending: false,
    });
    for sort in [None, by_amount, by_time] {
        for filter in ["", "pending"] {
            let mut list = List::default();
            let mut paged = Sheet::default();
            for page in 0..8 {
                add(&mut list, page * 25..page * 25 + 25);
                follow(&mut paged, &list, sort, filter);
            }
            let mut whole = Sheet::default();
            follow(&mut whole, &list, sort, filter);
            assert_eq!(shown(&paged), shown(&whole), "{sort:?} {filter:?}");
            assert_eq!(
                shown(&whole).len(),
                if filter.is_empty() { 200 } else { 67 }
            );
        }
    }
}

#[test]
fn the_order_is_by_value_and_can_be_taken_back() {
    let mut list = List::default();
    add(&mut list, 0..6);
    let mut sheet = Sheet::default();
    let sort = |heading, is_descending| {
        Some(Sort {
            column: column(heading),
            is_descending,
        })
    };
    // 0.50, 37.50, 74.50, 111.50, 148.50, 185.50
    follow(&mut sheet, &list, sort("amount $", true), "");
    assert_eq!(shown(&sheet), [5, 4, 3, 2, 1, 0]);
    follow(&mut sheet, &list, sort("status", false), "");
    assert_eq!(shown(&sheet), [2, 5, 0, 3, 1, 4]);
    follow(&mut sheet, &list, sort("status", true), "11:58");
    assert_eq!(shown(&sheet), [1, 4, 0, 3, 2, 5]);
    assert_eq!(sheet.position(3), Some(3));
    follow(&mut sheet, &list, None, "");
    assert_eq!(shown(&sheet), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn what_is_missing_comes_last_either_way_and_long_words_are_compared_whole() {
    let mut list = List::default();
    let names = [
        r#""Payout to landlord, no. 3""#,
        "null",
        r#""Payout to landlord""#,
        r#""Payout to landlord, no. 1""#,
        r#""Payout""#,
        "null",
        r#""Payout to landlord""#,
    ];
    let items = names.map(|name| {
        format!(r#"{{"routine_name":{name},"amount":{name},"initiated":{name},"status":"x"}}"#)
    });
    for part in [0..3, 3..7] {
        add_items(&mut list, &items[part]);
    }
    for heading in ["routine", "amount $", "started"] {
        for is_descending in [false, true] {
            let mut sheet = Sheet::default();
            let sort = Some(Sort {
                column: column(heading),
                is_descending,
            });
            follow(&mut sheet, &list, sort, "");
            let expected: &[usize] = match (heading, is_descending) {
                ("routine", false) => &[4, 2, 6, 3, 0, 1, 5],
                ("routine", true) => &[0, 3, 2, 6, 4, 1, 5],
                _ => &[0, 1, 2, 3, 4, 5, 6], // none of these is a number or a moment
            };
            assert_eq!(shown(&sheet), expected, "{heading} {is_descending}");
        }
    }
}

#[test]
fn another_list_is_read_from_its_beginning() {
    let (mut one, mut other) = (List::default(), List::default());
    add(&mut one, 0..9);
    add(&mut other, 3..6);
    let mut sheet = Sheet::default();
    follow(&mut sheet, &one, None, "payout");
    assert_eq!(shown(&sheet), [3, 4, 5]);
    follow(&mut sheet, &other, None, "payout");
    assert_eq!(shown(&sheet), [0, 1, 2]);
    follow(&mut sheet, &List::default(), None, "payout");
    assert_eq!(sheet.len(), 0);
}

#[test]
fn a_row_takes_less_than_a_hundred_bytes_beyond_its_data() {
    const ROWS: usize = 20_000;
    let mut list = List::default();
    let mut sheet = Sheet::default();
    let sort = Some(Sort {
        column: column("status"),
        is_descending: false,
    });
    for page in 0..ROWS / 100 {
        add(&mut list, page * 100..page * 100 + 100);
        follow(&mut sheet, &list, sort, "11:58");
    }
    assert_eq!(sheet.len(), ROWS);
    let bytes = sheet.bytes() + list.rows.len() * size_of::<Row>();
    assert!(bytes < ROWS * 100, "{} a row", bytes / ROWS);
}
