//! What a source file names: reads it with `syn` and follows aliases and re-exports.
//!
//! Knows nothing of the lists. Scopes inside a file are not told apart: a name stands for the same
//! everywhere in it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A file of the crate.
pub struct Source {
    pub path: String,
    /// Its module: `["console", "app", "update"]`, nothing for `lib.rs`.
    pub home: Vec<String>,
    syntax: syn::File,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let module = path.trim_start_matches("src/").trim_end_matches(".rs");
        let names = module.split('/').filter(|name| *name != "lib");
        Self {
            path: path.to_owned(),
            home: names.map(str::to_owned).collect(),
            syntax: syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}")),
        }
    }
}

/// Paths within the crate, by their names from its root on.
pub type Reexports = BTreeMap<Vec<String>, Vec<String>>;

/// Where a path leads in the end.
pub fn follow(mut path: Vec<String>, reexports: &Reexports) -> Vec<String> {
    for _ in 0..8 {
        let hop = (1..=path.len())
            .rev()
            .find_map(|end| Some((end, reexports.get(&path[..end])?)));
        let Some((end, target)) = hop else { break };
        path = [target, &path[end..]].concat();
    }
    path
}

/// Something that a file names.
pub struct Mention {
    pub path: Vec<String>,
    /// Whether it begins with `::`.
    is_rooted: bool,
    /// The module that it stands in.
    module: Vec<String>,
    pub in_test: bool,
    pub line: usize,
}

pub enum Target {
    Room(Vec<String>),
    /// Or a name that is no crate at all.
    Crate(String),
}

/// All that a file names and declares.
#[derive(Default)]
pub struct Scan {
    pub mentions: Vec<Mention>,
    /// What a name stands for in this file.
    aliases: BTreeMap<String, usize>,
    /// The names by which other modules may find a mention.
    public: Vec<(Vec<String>, usize)>,
    modules: BTreeSet<Vec<String>>,
    pub test_modules: BTreeSet<Vec<String>>,
    /// Where the reader is.
    module: Vec<String>,
    in_test: bool,
}

impl Scan {
    pub fn of(source: &Source) -> Self {
        let mut scan = Self {
            module: source.home.clone(),
            ..Self::default()
        };
        scan.visit_file(&source.syntax);
        scan
    }

    /// Where a path leads, as far as this file knows.
    pub fn resolve(&self, mention: &Mention) -> Option<Target> {
        self.resolve_in(8, mention)
    }

    /// In so many hops over aliases, which may go round when scopes are not told apart.
    fn resolve_in(&self, hops: usize, mention: &Mention) -> Option<Target> {
        let first = mention.path.first()?;
        if mention.is_rooted {
            return Some(Target::Crate(first.clone()));
        }
        let inside =
            |module: &[String], rest: &[String]| Some(Target::Room([module, rest].concat()));
        match first.as_str() {
            "crate" | "bango_console" => return inside(&[], &mention.path[1..]),
            "self" => return inside(&mention.module, &mention.path[1..]),
            "super" => {
                let ups = mention
                    .path
                    .iter()
                    .take_while(|name| *name == "super")
                    .count();
                let left = mention.module.len().saturating_sub(ups);
                return inside(&mention.module[..left], &mention.path[ups..]);
            }
            _ => {}
        }
        if self
            .modules
            .contains(&[mention.module.as_slice(), std::slice::from_ref(first)].concat())
        {
            return inside(&mention.module, &mention.path);
        }
        let alias = self.aliases.get(first).map(|&index| &self.mentions[index]);
        match alias.filter(|alias| hops > 0 && alias.path.first() != Some(first)) {
            None => Some(Target::Crate(first.clone())),
            Some(alias) => match self.resolve_in(hops - 1, alias)? {
                Target::Room(path) => inside(&path, &mention.path[1..]),
                found @ Target::Crate(_) => Some(found),
            },
        }
    }

    pub fn reexports(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let target = |index: usize| match self.resolve(&self.mentions[index]) {
            Some(Target::Room(path)) => Some(path),
            _ => None,
        };
        self.public
            .iter()
            .filter_map(|(name, index)| Some((name.clone(), target(*index)?)))
            .collect()
    }

    fn mention(&mut self, path: Vec<String>, is_rooted: bool, span: Span) {
        self.mentions.push(Mention {
            path,
            is_rooted,
            module: self.module.clone(),
            in_test: self.in_test,
            line: span.start().line,
        });
    }

    /// The leaves of a `use`, each with all that stands before it.
    fn leaves(&mut self, tree: &syn::UseTree, before: &[String], rooted: bool, public: bool) {
        let (name, alias) = match tree {
            syn::UseTree::Path(path) => {
                let before = [before, &[path.ident.to_string()]].concat();
                return self.leaves(&path.tree, &before, rooted, public);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.leaves(tree, before, rooted, public);
                }
                return;
            }
            syn::UseTree::Glob(glob) => {
                return self.mention(before.to_vec(), rooted, glob.star_token.spans[0]);
            }
            syn::UseTree::Name(name) => (&name.ident, &name.ident),
            syn::UseTree::Rename(rename) => (&rename.ident, &rename.rename),
        };
        let is_self = name == "self";
        let path = if is_self {
            before.to_vec()
        } else {
            [before, &[name.to_string()]].concat()
        };
        let alias = match before.last() {
            Some(last) if is_self && alias == "self" => last.clone(),
            _ => alias.to_string(),
        };
        if public {
            let name = [self.module.as_slice(), std::slice::from_ref(&alias)].concat();
            self.public.push((name, self.mentions.len()));
        }
        self.aliases.insert(alias, self.mentions.len());
        self.mention(path, rooted, name.span());
    }

    /// The paths in the tokens of a macro or an attribute: names with `::` between them.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut span = Span::call_site();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 && !path.is_empty() => {
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Ident(name) => {
                    self.path_of_tokens(&mut path, span);
                    span = name.span();
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.path_of_tokens(&mut path, span);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path_of_tokens(&mut path, span);
    }

    fn path_of_tokens(&mut self, path: &mut Vec<String>, span: Span) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.mention(path, false, span);
        }
    }

    fn inside(&mut self, attributes: &[syn::Attribute], visit: impl FnOnce(&mut Self)) {
        let outside = self.in_test;
        self.in_test |= attributes.iter().any(is_for_tests);
        visit(self);
        self.in_test = outside;
    }
}

impl<'ast> Visit<'ast> for Scan {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside(&item.attrs, |scan| {
            let outside = scan.module.clone();
            scan.module.push(item.ident.to_string());
            scan.modules.insert(scan.module.clone());
            if scan.in_test {
                scan.test_modules.insert(scan.module.clone());
            }
            visit::visit_item_mod(scan, item);
            scan.module = outside;
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.inside(&item.attrs, |scan| visit::visit_item_fn(scan, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.inside(&item.attrs, |scan| visit::visit_item_impl(scan, item));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.inside(&item.attrs, |scan| {
            let is_public = !matches!(item.vis, syn::Visibility::Inherited);
            scan.leaves(&item.tree, &[], item.leading_colon.is_some(), is_public);
        });
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.mention(vec![item.ident.to_string()], true, item.ident.span());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // One name alone is something of the file itself, or came in by a `use`.
        if path.segments.len() > 1 {
            let names = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            let span = path.segments[0].ident.span();
            self.mention(names.collect(), path.leading_colon.is_some(), span);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        visit::visit_macro(self, item);
        self.tokens(item.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        visit::visit_meta_list(self, list);
        self.tokens(list.tokens.clone());
    }
}

/// Whether an attribute is `#[cfg(test)]` or alike.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    let condition = list.tokens.to_string();
    let has = |word: &str| {
        condition
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word)
    };
    list.path.is_ident("cfg") && has("test") && !has("not")
}
