//! Lines of a table that programs for sheets open (CSV, RFC 4180).

/// A line of these cells, with its end.
#[must_use]
pub fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that is text for every such program: what begins like a formula gets an apostrophe in front.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_quotes_are_doubled() {
        let cells = ["a \"b\"", "=1+1", "-x", "a=b"].map(str::to_owned);
        assert_eq!(line(&cells), "\"a \"\"b\"\"\",\"'=1+1\",\"'-x\",\"a=b\"\r\n");
    }
}
