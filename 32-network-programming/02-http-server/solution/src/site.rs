//! What is served: files, and a route that echoes. One handler for every version of HTTP.

use std::io;
use std::ops::Range;
use std::path::Path;

use http::header::{ACCEPT_RANGES, ALLOW, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use nix::errno::Errno;

use crate::conditional::{self, Outcome, Validators};
use crate::files::{Files, Found, Representation};
use crate::path;
use crate::range::{self, Selection};
use crate::request::Request;
use crate::response::{Body, Response};

/// A handler: it answers from the head of a request alone, without waiting.
#[derive(Debug)]
pub(crate) struct Site {
    files: Files,
    /// The path that echoes.
    echo: Option<String>,
}

impl Site {
    /// The files below `root`, and a route that echoes.
    pub(crate) fn new(root: &Path, echo: Option<&str>) -> io::Result<Self> {
        Ok(Self {
            files: Files::new(root)?,
            echo: echo.map(str::to_owned),
        })
    }

    /// Answers a request.
    pub(crate) fn respond(&self, request: &Request) -> Response {
        let is_echo = self
            .echo
            .as_ref()
            .is_some_and(|path| path.as_bytes() == request.path());
        match (&request.method, is_echo) {
            (&Method::GET | &Method::HEAD, false) => self.file(request),
            (&Method::POST, true) => Response {
                status: StatusCode::OK,
                // Not the type that the client names: another site could make a browser send a page here.
                fields: vec![(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))],
                body: Body::Request,
            },
            (&Method::OPTIONS, _) => Response::empty(StatusCode::NO_CONTENT).with(ALLOW, allowed(is_echo)),
            (method, _) if is_known(method) => {
                Response::plain(StatusCode::METHOD_NOT_ALLOWED).with(ALLOW, allowed(is_echo))
            }
            _ => Response::plain(StatusCode::NOT_IMPLEMENTED),
        }
    }

    fn file(&self, request: &Request) -> Response {
        if let Some(representation) = self.files.recent(request.path()) {
            return represent(request, &representation);
        }
        let Ok(name) = path::resolve(request.path()) else {
            return Response::plain(StatusCode::BAD_REQUEST);
        };
        match self.files.find(request.path(), &name) {
            Ok(Found::File(representation)) => represent(request, &representation),
            Ok(Found::Directory) => {
                Response::plain(StatusCode::MOVED_PERMANENTLY).with(LOCATION, with_slash(request))
            }
            Err(error) => Response::plain(status_of(&error)),
        }
    }
}

/// The methods of a resource.
fn allowed(is_echo: bool) -> HeaderValue {
    HeaderValue::from_static(if is_echo {
        "OPTIONS, POST"
    } else {
        "GET, HEAD, OPTIONS"
    })
}

/// Whether the method is one of RFC 9110, or PATCH.
fn is_known(method: &Method) -> bool {
    let known = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ];
    known.contains(&method.as_str())
}

/// What an error of opening says to a client: as little as a missing file does, but where rights are missing.
fn status_of(error: &io::Error) -> StatusCode {
    match error.raw_os_error().map(Errno::from_raw) {
        None if error.kind() == io::ErrorKind::NotFound => StatusCode::NOT_FOUND,
        Some(Errno::ENOENT | Errno::ENOTDIR | Errno::ENAMETOOLONG | Errno::ENXIO) => StatusCode::NOT_FOUND,
        // A link that leads out of the root, or in circles.
        Some(Errno::EXDEV | Errno::ELOOP) => StatusCode::NOT_FOUND,
        Some(Errno::EACCES | Errno::EPERM) => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The target with a slash behind its path.
fn with_slash(request: &Request) -> HeaderValue {
    let mut location = [request.path(), b"/"].concat();
    if let Some(query) = request.query() {
        location.push(b'?');
        location.extend_from_slice(query);
    }
    HeaderValue::try_from(location).expect("a target is visible ASCII")
}

/// A file, or a part of it, or that the client has it.
fn represent(request: &Request, representation: &Representation) -> Response {
    let validators = Validators {
        etag: representation.etag.to_str().expect("made of ASCII"),
        modified: representation.modified,
    };
    let headers = &request.headers;
    let response = |status| {
        Response::empty(status)
            .with(ETAG, representation.etag.clone())
            .with(LAST_MODIFIED, representation.last_modified.clone())
    };
    match conditional::evaluate(headers, validators) {
        Outcome::PreconditionFailed => return Response::plain(StatusCode::PRECONDITION_FAILED),
        Outcome::NotModified => return response(StatusCode::NOT_MODIFIED),
        Outcome::Proceed => {}
    }
    // Only a GET has ranges.
    let selection = if request.method == Method::GET && conditional::range_applies(headers, validators) {
        range::select(headers, representation.length)
    } else {
        Selection::Whole
    };
    let content_range = |part: std::fmt::Arguments<'_>| {
        let text = format!("bytes {part}/{}", representation.length);
        HeaderValue::try_from(text).expect("made of ASCII")
    };
    let (response, range) = match selection {
        Selection::Whole => (
            response(StatusCode::OK).with(ACCEPT_RANGES, HeaderValue::from_static("bytes")),
            0..representation.length,
        ),
        Selection::Part(range) => {
            let part = content_range(format_args!("{}-{}", range.start, range.end - 1));
            (
                response(StatusCode::PARTIAL_CONTENT).with(CONTENT_RANGE, part),
                range,
            )
        }
        Selection::Unsatisfiable => {
            let response = Response::plain(StatusCode::RANGE_NOT_SATISFIABLE);
            return response.with(CONTENT_RANGE, content_range(format_args!("*")));
        }
    };
    let mut response = response.with(CONTENT_TYPE, HeaderValue::from_static(representation.media_type));
    response.body = body(representation, range);
    response
}

/// From memory where it is there, else from the file.
fn body(representation: &Representation, range: Range<u64>) -> Body {
    match &representation.content {
        Some(content) => {
            let at = |offset| usize::try_from(offset).expect("within a content in memory");
            Body::Bytes(content.slice(at(range.start)..at(range.end)))
        }
        None => Body::File {
            file: representation.file.clone(),
            range,
        },
    }
}
