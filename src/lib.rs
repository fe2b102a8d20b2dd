//! astrascope
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod adapters;
pub mod app;
pub mod catalog;
pub mod commands;
pub mod config;
pub mod document;
pub mod domain;
pub mod sandbox;
pub mod ui;
