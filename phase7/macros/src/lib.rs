//! The two attributes of a course test. Both become a plain libtest `#[test]` whose body runs between
//! `phase7::evidence::begin` and `Evidence::complete`, so that only a body that ran to its end leaves evidence.

use proc_macro::TokenStream;
use quote::quote;
use syn::{Ident, ItemFn, LitInt, LitStr, parse_macro_input};

/// A test of an exercise: `#[phase7::test(points = 2, rule = 4)]`.
///
/// | argument | meaning |
/// |---|---|
/// | `points = N` | what the test is worth; 1 or more |
/// | `rule = N` | the numbered rule of the brief that it checks |
/// | `timeout_s = N` | wall-clock seconds the grader gives it; 10 when absent |
/// | `needs = "TOOL, …"` | tools that it cannot run without; without them it is *not graded* |
///
/// The grader reads the arguments from the source; the compiler only checks their shape here.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    let mut points = None;
    let mut rule = None;
    let parser = syn::meta::parser(|meta| {
        if meta.path.is_ident("points") {
            points = Some(meta.value()?.parse::<LitInt>()?.base10_parse::<u32>()?);
        } else if meta.path.is_ident("rule") {
            rule = Some(meta.value()?.parse::<LitInt>()?.base10_parse::<u32>()?);
        } else if meta.path.is_ident("timeout_s") {
            meta.value()?.parse::<LitInt>()?.base10_parse::<u64>()?;
        } else if meta.path.is_ident("needs") {
            meta.value()?.parse::<LitStr>()?;
        } else {
            return Err(meta.error("expected `points`, `rule`, `timeout_s` or `needs`"));
        }
        Ok(())
    });
    parse_macro_input!(arguments with parser);
    if points.is_none_or(|points| points == 0) || rule.is_none() {
        let message = "a course test names its worth and its rule: #[phase7::test(points = 1, rule = 1)]";
        return syn::Error::new_spanned(&function.sig.ident, message)
            .to_compile_error()
            .into();
    }
    expand(&function, &quote!(#[::core::prelude::v1::test]))
}

/// A wire: a hidden test with an ordinary name whose assertion is absurd, so that a right answer fails it.
///
/// A submission that passes one has forged something, and goes to review. Plain `cargo test` leaves wires
/// aside; the grader runs them like any other test.
#[proc_macro_attribute]
pub fn wire(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    if !arguments.is_empty() {
        let message = "a wire takes no arguments";
        return syn::Error::new_spanned(&function.sig.ident, message)
            .to_compile_error()
            .into();
    }
    expand(
        &function,
        &quote!(#[::core::prelude::v1::test] #[ignore = "a wire: right answers fail it"]),
    )
}

/// The libtest function: the body in a closure of its own, so that an early `return` cannot skip the evidence
/// that belongs to it, nor earn it for what was not run.
fn expand(function: &ItemFn, attributes: &proc_macro2::TokenStream) -> TokenStream {
    if let Err(error) = plain(function) {
        return error.to_compile_error().into();
    }
    let name: &Ident = &function.sig.ident;
    let text = name.to_string();
    let others = &function.attrs;
    let body = &function.block;
    quote! {
        #(#others)*
        #attributes
        fn #name() {
            let evidence = ::phase7::evidence::begin(::core::module_path!(), #text);
            (|| #body)();
            evidence.complete();
        }
    }
    .into()
}

/// Only `fn name() { … }`: what a test returns would be one more thing that could be forged or forgotten.
fn plain(function: &ItemFn) -> syn::Result<()> {
    let signature = &function.sig;
    let ordinary = signature.inputs.is_empty()
        && matches!(signature.output, syn::ReturnType::Default)
        && signature.asyncness.is_none()
        && signature.generics.params.is_empty();
    if ordinary {
        return Ok(());
    }
    Err(syn::Error::new_spanned(
        signature,
        "a course test is a plain `fn name() { … }`",
    ))
}
