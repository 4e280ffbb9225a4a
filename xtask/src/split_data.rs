//! Which constants belong to which half of the program.
//!
//! The linker is told to keep each constant apart (`--no-merge-data-segments`). What no function of the first file can
//! reach, directly or through other constants, goes to the second. Reaching is judged by numbers that look like
//! addresses, so that too much stays rather than too little. Only constants without a name go: what can be written to
//! stays, and so do tables, in whose lookup the compiler may work with an address outside of them.

use std::collections::HashSet;

use walrus::{
    ConstExpr, DataKind, FunctionId, FunctionKind, Module,
    ir::{self, Value},
};

use crate::sh::Result;

/// Bytes before a constant that count as its own.
const BEFORE: u32 = 8;
/// How the compiler calls constants without a name: texts, most of them.
const NAMELESS: &str = ".rodata..Lanon.";

/// The constants, dealt out.
pub struct Constants(Vec<Run>);

/// Constants of one half that stand one behind the other in memory.
struct Run {
    later: bool,
    start: u32,
    bytes: Vec<u8>,
}

/// One constant, or a piece of writable memory.
struct Piece {
    start: u32,
    bytes: Vec<u8>,
    movable: bool,
}

impl Constants {
    /// Deals out the constants of a program whose functions of the first file are these.
    pub fn new(module: &Module, first: &HashSet<FunctionId>) -> Result<Self> {
        let pieces = pieces(module)?;
        let mut kept: Vec<bool> = pieces.iter().map(|piece| !piece.movable).collect();
        let mut waiting: Vec<u32> = Vec::new();
        for &function in first {
            waiting.extend(numbers(module, function));
        }
        for (piece, _) in pieces.iter().zip(&kept).filter(|(_, kept)| **kept) {
            waiting.extend(words(&piece.bytes));
        }
        while let Some(number) = waiting.pop() {
            let from =
                pieces.partition_point(|piece| piece.start.saturating_add(piece.bytes.len() as u32) < number);
            for at in from..pieces.len() {
                if pieces[at].start.saturating_sub(BEFORE) > number {
                    break;
                }
                if !std::mem::replace(&mut kept[at], true) {
                    waiting.extend(words(&pieces[at].bytes));
                }
            }
        }
        let mut runs: Vec<Run> = Vec::new();
        for (piece, kept) in pieces.into_iter().zip(kept) {
            match runs.last_mut() {
                // Between two constants there is nothing but padding.
                Some(run) if run.later != kept && piece.start >= run.end() => {
                    let padding = (piece.start - run.end()) as usize;
                    run.bytes.extend(std::iter::repeat_n(0, padding));
                    run.bytes.extend(piece.bytes);
                }
                _ => runs.push(Run { later: !kept, start: piece.start, bytes: piece.bytes }),
            }
        }
        Ok(Self(runs))
    }

    /// Gives a half its constants.
    pub fn put(&self, module: &mut Module, later: bool) -> Result {
        let old: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
        let memory = module.memories.iter().next().ok_or("the program has no memory")?.id();
        module.memories.get_mut(memory).data_segments.clear();
        for data in old {
            module.data.delete(data);
        }
        for run in self.0.iter().filter(|run| run.later == later) {
            let offset = ConstExpr::Value(Value::I32(run.start as i32));
            let data = module.data.add(DataKind::Active { memory, offset }, run.bytes.clone());
            module.memories.get_mut(memory).data_segments.insert(data);
        }
        Ok(())
    }
}

impl Run {
    fn end(&self) -> u32 {
        self.start + self.bytes.len() as u32
    }
}

/// The pieces of memory that are filled at the start, by address.
fn pieces(module: &Module) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for data in module.data.iter() {
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } = &data.kind else {
            return Err("a piece of data is of an unknown form".into());
        };
        let movable = data.name.as_deref().is_some_and(|name| name.starts_with(NAMELESS));
        pieces.push(Piece { start: *start as u32, bytes: data.value.clone(), movable });
    }
    pieces.sort_by_key(|piece| piece.start);
    Ok(pieces)
}

/// Every number in a function that could be an address.
fn numbers(module: &Module, function: FunctionId) -> Vec<u32> {
    struct Numbers(Vec<u32>);
    impl<'a> ir::Visitor<'a> for Numbers {
        fn visit_const(&mut self, constant: &ir::Const) {
            if let Value::I32(number) = constant.value {
                self.0.push(number as u32);
            }
        }

        fn visit_load(&mut self, load: &ir::Load) {
            self.0.push(load.arg.offset as u32);
        }

        fn visit_store(&mut self, store: &ir::Store) {
            self.0.push(store.arg.offset as u32);
        }
    }
    let mut numbers = Numbers(Vec::new());
    if let FunctionKind::Local(local) = &module.funcs.get(function).kind {
        ir::dfs_in_order(&mut numbers, local, local.entry_block());
    }
    numbers.0
}

/// Every number in data that could be an address.
fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

#[cfg(test)]
mod tests {
    use walrus::FunctionBuilder;

    use super::*;

    #[test]
    fn what_the_first_half_cannot_reach_goes_and_tables_stay() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let piece = |module: &mut Module, name: &str, start: i32, bytes: &[u8]| {
            let offset = ConstExpr::Value(Value::I32(start));
            let data = module.data.add(DataKind::Active { memory, offset }, bytes.to_vec());
            module.data.get_mut(data).name = Some(name.to_owned());
        };
        // The first text is named by the function, the second by the first, the third by nobody; then a table and
        // writable memory.
        piece(&mut module, ".rodata..Lanon.a.1", 1024, &1040_u32.to_le_bytes());
        piece(&mut module, ".rodata..Lanon.a.2", 1040, b"second");
        piece(&mut module, ".rodata..Lanon.a.3", 1100, b"third");
        piece(&mut module, ".rodata..Lswitch.table.f", 1200, b"table");
        piece(&mut module, ".data.X", 1300, b"data");
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body().i32_const(1024).drop();
        let function = builder.finish(Vec::new(), &mut module.funcs);

        let constants = Constants::new(&module, &HashSet::from([function])).unwrap();
        let half = |later| -> Vec<(u32, usize)> {
            constants
                .0
                .iter()
                .filter(|run| run.later == later)
                .map(|run| (run.start, run.bytes.len()))
                .collect()
        };
        // Neighbours of one half are one run, padding included.
        assert_eq!(half(false), [(1024, 22), (1200, 104)]);
        assert_eq!(half(true), [(1100, 5)]);
    }
}
