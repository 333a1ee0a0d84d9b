// Runs in CloudFront before the cache. The page has addresses of its own and one file for all of them: every
// path without an ending is that file, as with `packshot serve`. What has an ending is there, or is 404.
function handler(event) {
  var request = event.request;
  if (request.uri.split("/").pop().indexOf(".") === -1) request.uri = "/index.html";
  return request;
}
