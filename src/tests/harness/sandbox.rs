//! The built-in sandbox as a program of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use super::program::command;

/// A sandbox of its own process: where it listens, and its keys.
pub struct Sandbox {
    pub child: Child,
    pub url: String,
    pub id: String,
    pub secret: String,
    pub lines: Vec<String>,
}

impl Sandbox {
    pub fn start(home: &Path, arguments: &[&str]) -> Self {
        let all = [&["sandbox"], arguments].concat();
        let mut child = command(home, &all).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
            let line = line.unwrap();
            let is_last = line.starts_with("stop:");
            lines.push(line);
            if is_last {
                break;
            }
        }
        let value = |name: &str| {
            let line = lines.iter().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().last().unwrap().to_owned()
        };
        Self {
            url: value("astrascope sandbox listening on"),
            id: value("client id:"),
            secret: value("client secret:"),
            child,
            lines,
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}
