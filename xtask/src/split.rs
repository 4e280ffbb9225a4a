//! Takes the page's program apart: what the first paint needs, and what can follow.
//!
//! One program is built and tested, and its calls are ordinary calls. Here its functions are dealt out to two files that
//! share one memory and one table of functions. The first holds everything that can be reached without passing
//! through the modules of [`LATER`]; the second holds the rest and imports from the first what it calls there. A call in
//! the other direction goes through the table, whose places the second file fills when it arrives. The page awaits it
//! (`web::later`) before it calls anything in those modules.

use std::collections::{HashMap, HashSet};

use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, FunctionKind, GlobalKind, ImportedFunction,
    Module, ModuleConfig, TableId, TypeId,
    ir::{self, Instr, Value, VisitorMut, dfs_pre_order_mut},
};

use crate::sh::Result;
use crate::split_data::Constants;

/// The name under which the second file finds the exports of the first.
pub const FIRST: &str = "p";

/// The two files.
pub struct Halves {
    /// The program as the page starts it.
    pub first: Vec<u8>,
    /// What it awaits before a check begins.
    pub later: Vec<u8>,
    /// Every call from the first to the second, `caller -> called`: what has to wait.
    pub doors: Vec<String>,
}

/// Takes a program apart. `is_later` says of a function's full name whether its module can follow.
pub fn split(program: &[u8], is_later: impl Fn(&str) -> bool) -> Result<Halves> {
    let whole = read(program)?;
    let plan = Plan::new(&whole, is_later)?;
    Ok(Halves {
        first: plan.first(read(program)?)?,
        later: plan.later(read(program)?)?,
        doors: plan.named_doors(&whole),
    })
}

fn read(program: &[u8]) -> Result<Module> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false);
    Ok(config.parse(program)?)
}

/// A function's position in the program, the same each time it is read.
type Position = usize;

/// What goes where.
struct Plan {
    /// Functions of the second file.
    later: HashSet<Position>,
    /// Functions of the first file, imports included, that the second calls.
    shared: Vec<Position>,
    /// The function in each place of the table.
    places: Vec<Option<Position>>,
    /// The place of each function that the first file calls in the second.
    doors: HashMap<Position, u32>,
    constants: Constants,
}

impl Plan {
    fn new(module: &Module, is_later: impl Fn(&str) -> bool) -> Result<Self> {
        let mut places = places(module)?;
        let named_later = |id: FunctionId| {
            let function = module.funcs.get(id);
            matches!(function.kind, FunctionKind::Local(_)) && function.name.as_deref().is_some_and(&is_later)
        };

        let mut first = HashSet::new();
        let mut waiting: Vec<FunctionId> = Vec::new();
        for export in module.exports.iter() {
            if let ExportItem::Function(function) = export.item {
                waiting.push(function);
            }
        }
        waiting.extend(module.start);
        waiting.extend(places.iter().flatten().filter(|&&function| !named_later(function)));
        let exported = waiting.len();
        let mut at = 0;
        while let Some(&function) = waiting.get(at) {
            // What is called from JavaScript stays, whatever its name is.
            if (at < exported || !named_later(function)) && first.insert(function) {
                waiting.extend(calls(module, function));
            }
            at += 1;
        }

        let locals: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
        let later: HashSet<FunctionId> = locals.iter().copied().filter(|id| !first.contains(id)).collect();
        let mut shared = HashSet::new();
        let mut doors = HashMap::new();
        for &function in &locals {
            for called in calls(module, function) {
                if later.contains(&function) && !later.contains(&called) {
                    shared.insert(called);
                } else if !later.contains(&function) && later.contains(&called) {
                    let place = places.iter().position(|&place| place == Some(called)).unwrap_or_else(|| {
                        places.push(Some(called));
                        places.len() - 1
                    });
                    doors.insert(called, u32::try_from(place)?);
                }
            }
        }
        let mut shared: Vec<_> = shared.into_iter().map(|id: FunctionId| id.index()).collect();
        shared.sort_unstable();
        let constants = Constants::new(module, &first)?;
        Ok(Self {
            constants,
            later: later.into_iter().map(|id| id.index()).collect(),
            shared,
            places: places.into_iter().map(|place| place.map(|id| id.index())).collect(),
            doors: doors.into_iter().map(|(id, place)| (id.index(), place)).collect(),
        })
    }

    fn named_doors(&self, module: &Module) -> Vec<String> {
        let name = |id: FunctionId| module.funcs.get(id).name.as_deref().unwrap_or("?");
        let mut doors = Vec::new();
        for (caller, _) in module.funcs.iter_local().filter(|(id, _)| !self.later.contains(&id.index())) {
            let called = calls(module, caller).into_iter().filter(|id| self.doors.contains_key(&id.index()));
            doors.extend(called.map(|called| format!("{} -> {}", name(caller), name(called))));
        }
        doors.sort();
        doors.dedup();
        doors
    }

    /// The first file: without the functions of the second, whose places in the table stay empty.
    fn first(&self, mut module: Module) -> Result<Vec<u8>> {
        let ids = ids(&module);
        let table = self.fill(&mut module, |function| !self.later.contains(&function))?;
        let doors = self.doors.iter().map(|(&position, &place)| {
            let id = ids[position];
            (id, (place, module.funcs.get(id).ty()))
        });
        let mut through_table = ThroughTable { table, doors: doors.collect() };
        for (id, function) in module.funcs.iter_local_mut() {
            if !self.later.contains(&id.index()) {
                let entry = function.entry_block();
                dfs_pre_order_mut(&mut through_table, function, entry);
            }
        }
        self.constants.put(&mut module, false)?;
        for (number, &function) in self.shared.iter().enumerate() {
            module.exports.add(&format!("f{number}"), ids[function]);
        }
        let tables: Vec<_> = module.tables.iter().map(|table| table.id()).collect();
        for (number, table) in tables.into_iter().enumerate() {
            module.exports.add(&format!("t{number}"), table);
        }
        let globals: Vec<_> = module.globals.iter().map(|global| global.id()).collect();
        for (number, global) in globals.into_iter().enumerate() {
            module.exports.add(&format!("g{number}"), global);
        }
        let memories: Vec<_> = module.memories.iter().map(|memory| memory.id()).collect();
        for (number, memory) in memories.into_iter().enumerate() {
            module.exports.add(&format!("m{number}"), memory);
        }
        walrus::passes::gc::run(&mut module);
        Ok(module.emit_wasm())
    }

    /// The second file: it has functions and constants of its own, and everything else from the first.
    fn later(&self, mut module: Module) -> Result<Vec<u8>> {
        let ids = ids(&module);
        self.fill(&mut module, |function| self.later.contains(&function))?;
        module.start = None;
        let exports: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
        for export in exports {
            module.exports.delete(export);
        }
        let imports: Vec<_> = module.imports.iter().map(walrus::Import::id).collect();
        for import in imports {
            module.imports.delete(import);
        }
        for (number, &function) in self.shared.iter().enumerate() {
            let function = ids[function];
            let import = module.imports.add(FIRST, &format!("f{number}"), function);
            let function = module.funcs.get_mut(function);
            function.kind = FunctionKind::Import(ImportedFunction { import, ty: function.ty() });
        }
        let tables: Vec<_> = module.tables.iter().map(|table| table.id()).collect();
        for (number, table) in tables.into_iter().enumerate() {
            let import = module.imports.add(FIRST, &format!("t{number}"), table);
            module.tables.get_mut(table).import = Some(import);
        }
        let globals: Vec<_> = module.globals.iter().map(|global| global.id()).collect();
        for (number, global) in globals.into_iter().enumerate() {
            let import = module.imports.add(FIRST, &format!("g{number}"), global);
            module.globals.get_mut(global).kind = GlobalKind::Import(import);
        }
        let memories: Vec<_> = module.memories.iter().map(|memory| memory.id()).collect();
        for (number, memory) in memories.into_iter().enumerate() {
            let import = module.imports.add(FIRST, &format!("m{number}"), memory);
            module.memories.get_mut(memory).import = Some(import);
        }
        self.constants.put(&mut module, true)?;
        walrus::passes::gc::run(&mut module);
        Ok(module.emit_wasm())
    }

    /// Fills the places of the functions that are meant, and makes room for all.
    fn fill(&self, module: &mut Module, is_meant: impl Fn(Position) -> bool) -> Result<TableId> {
        let ids = ids(module);
        let id = table(module)?;
        let size = self.places.len() as u64;
        let table = module.tables.get_mut(id);
        table.initial = table.initial.max(size);
        table.maximum = table.maximum.map(|most| most.max(size));
        for element in std::mem::take(&mut table.elem_segments) {
            module.elements.delete(element);
        }
        let mut run: Vec<FunctionId> = Vec::new();
        for place in 0..=self.places.len() {
            match self.places.get(place).copied().flatten().filter(|&function| is_meant(function)) {
                Some(function) => run.push(ids[function]),
                None if run.is_empty() => {}
                None => {
                    let offset = ConstExpr::Value(Value::I32(i32::try_from(place - run.len())?));
                    let kind = ElementKind::Active { table: id, offset };
                    let element =
                        module.elements.add(kind, ElementItems::Functions(std::mem::take(&mut run)));
                    module.tables.get_mut(id).elem_segments.insert(element);
                }
            }
        }
        Ok(id)
    }
}

/// The functions of a program by their positions.
fn ids(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(walrus::Function::id).collect()
}

fn table(module: &Module) -> Result<TableId> {
    Ok(module.tables.main_function_table()?.ok_or("the program has no table of functions")?)
}

/// The function in each place of the table.
fn places(module: &Module) -> Result<Vec<Option<FunctionId>>> {
    let table = table(module)?;
    let mut places = Vec::new();
    for element in module.elements.iter() {
        let ElementKind::Active { table: of, offset } = &element.kind else { continue };
        if *of != table {
            continue;
        }
        let (ConstExpr::Value(Value::I32(offset)), ElementItems::Functions(functions)) =
            (offset, &element.items)
        else {
            return Err("a segment of the table is of an unknown form".into());
        };
        let start = usize::try_from(*offset)?;
        places.resize(places.len().max(start + functions.len()), None);
        for (place, &function) in places[start..].iter_mut().zip(functions) {
            *place = Some(function);
        }
    }
    Ok(places)
}

/// The functions that a function calls or names.
fn calls(module: &Module, function: FunctionId) -> Vec<FunctionId> {
    struct Calls(Vec<FunctionId>);
    impl<'a> ir::Visitor<'a> for Calls {
        fn visit_function_id(&mut self, function: &FunctionId) {
            self.0.push(*function);
        }
    }
    let mut calls = Calls(Vec::new());
    if let FunctionKind::Local(local) = &module.funcs.get(function).kind {
        ir::dfs_in_order(&mut calls, local, local.entry_block());
    }
    calls.0
}

/// Sends calls of functions in the second file through the table.
struct ThroughTable {
    table: TableId,
    doors: HashMap<FunctionId, (u32, TypeId)>,
}

impl VisitorMut for ThroughTable {
    fn start_instr_seq_mut(&mut self, sequence: &mut ir::InstrSeq) {
        let mut out = Vec::with_capacity(sequence.instrs.len());
        for (instruction, place) in std::mem::take(&mut sequence.instrs) {
            let door = match &instruction {
                Instr::Call(call) => self.doors.get(&call.func),
                _ => None,
            };
            match door {
                Some(&(door, ty)) => {
                    out.push((ir::Const { value: Value::I32(door as i32) }.into(), place));
                    out.push((ir::CallIndirect { ty, table: self.table }.into(), place));
                }
                None => out.push((instruction, place)),
            }
        }
        sequence.instrs = out;
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, RefType};

    use super::*;

    /// `entry` is exported and calls `engine::run`, which calls `shared`; `page` stands in the table only, and so does
    /// `engine::shown`.
    fn program() -> Vec<u8> {
        let mut module = Module::default();
        let function = |module: &mut Module, name: &str, called: Option<FunctionId>| {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.to_owned());
            if let Some(called) = called {
                builder.func_body().call(called);
            }
            builder.finish(Vec::new(), &mut module.funcs)
        };
        let shared = function(&mut module, "shared", None);
        let run = function(&mut module, "engine::run", Some(shared));
        let entry = function(&mut module, "entry", Some(run));
        let page = function(&mut module, "page", Some(shared));
        let shown = function(&mut module, "engine::shown", None);
        module.exports.add("entry", entry);
        let table = module.tables.add_local(false, 3, Some(3), RefType::FUNCREF);
        let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(1)) };
        let element = module.elements.add(kind, ElementItems::Functions(vec![page, shown]));
        module.tables.get_mut(table).elem_segments.insert(element);
        module.memories.add_local(false, false, 1, None, None);
        module.emit_wasm()
    }

    fn names(module: &Module) -> Vec<&str> {
        let mut names: Vec<&str> =
            module.funcs.iter_local().filter_map(|(id, _)| module.funcs.get(id).name.as_deref()).collect();
        names.sort_unstable();
        names
    }

    fn filled(module: &Module) -> Vec<(i32, usize)> {
        let segments = module.elements.iter().filter_map(|element| match (&element.kind, &element.items) {
            (
                ElementKind::Active { offset: ConstExpr::Value(Value::I32(at)), .. },
                ElementItems::Functions(all),
            ) => Some((*at, all.len())),
            _ => None,
        });
        segments.collect()
    }

    #[test]
    fn a_function_is_in_one_half_and_the_second_fills_the_gaps_of_the_table() {
        let halves = split(&program(), |name| name.starts_with("engine::")).unwrap();
        let (first, later) = (read(&halves.first).unwrap(), read(&halves.later).unwrap());
        assert_eq!(names(&first), ["entry", "page", "shared"]);
        assert_eq!(names(&later), ["engine::run", "engine::shown"]);
        assert_eq!(halves.doors, ["entry -> engine::run"]);
        // Place 1 is that of `page`, 2 that of `engine::shown`, 3 the new door to `engine::run`.
        assert_eq!(filled(&first), [(1, 1)]);
        assert_eq!(filled(&later), [(2, 2)]);
        let size = |module: &Module| module.tables.iter().map(|table| (table.initial, table.maximum)).next();
        assert_eq!((size(&first), size(&later)), (Some((4, Some(4))), Some((4, Some(4)))));
        let exports: Vec<&str> = first.exports.iter().map(|export| export.name.as_str()).collect();
        assert!(
            later
                .imports
                .iter()
                .all(|import| import.module == FIRST && exports.contains(&import.name.as_str()))
        );
    }

    #[test]
    fn what_is_exported_stays_whatever_its_name() {
        let halves = split(&program(), |_| true).unwrap();
        assert_eq!(names(&read(&halves.first).unwrap()), ["entry"]);
    }

    #[test]
    fn a_broken_program_is_refused() {
        let whole = program();
        assert!(split(&whole[..whole.len() - 3], |_| false).is_err());
    }
}
