//! The status page: one constant in flash. What changes, it fetches from the API.

/// The page, HTML in UTF-8.
pub const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>LM3S6965</title>
<style>body { font-family: sans-serif; margin: 2em } td { padding-right: 1em }</style>
<h1>LM3S6965</h1>
<table>
<tr><td>Temperature<td id="temperature">
<tr><td>Up for<td id="uptime">
<tr><td>Requests<td id="requests">
<tr><td>Light<td><button id="led" onclick="press()"></button>
</table>
<script>
const show = (id, text) => document.getElementById(id).textContent = text;
const api = async (name, options) => (await fetch("/api/" + name, options)).json();
let on = false;
const light = led => show("led", (on = led.on) ? "on" : "off");
const press = async () => light(await api("led", { method: "PUT", body: JSON.stringify({ on: !on }) }));
const refresh = async () => {
  const status = await api("status");
  show("uptime", status.uptime_s + " s");
  show("requests", status.requests);
  light(await api("led"));
  await api("temperature").then(t => show("temperature", t.celsius + " °C"), () => show("temperature", "no sensor"));
};
refresh();
setInterval(refresh, 2000);
</script>
</html>
"#;
