package dev.ermine.peer;

import dev.ermine.fhir.Parameter;
import dev.ermine.region.Region;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One HTTP request to a region, without its credentials.
 *
 * @param form the body, {@code application/x-www-form-urlencoded}
 * @see <a href="https://hl7.org/fhir/R4/http.html#search">FHIR R4: search</a>
 */
record PeerRequest(HttpMethod method, URI uri, String accept, Optional<String> form) {

  static final String FHIR_JSON = "application/fhir+json";

  /** What it can do, or the head of that. */
  static PeerRequest capabilities(Region.Answers answers) {
    URI uri = URI.create(answers.base() + "/metadata");
    return new PeerRequest(HttpMethod.HEAD, uri, FHIR_JSON, Optional.empty());
  }

  /** A search of one type, as the region wants to be searched. */
  static PeerRequest search(Region.Answers answers, String type, List<Parameter> parameters) {
    String address = answers.base() + "/" + type;
    String query = encoded(parameters);
    return switch (answers.search()) {
      case GET -> get(URI.create(address + "?" + query), FHIR_JSON);
      case POST ->
          new PeerRequest(
              HttpMethod.POST, URI.create(address + "/_search"), FHIR_JSON, Optional.of(query));
    };
  }

  /** A read of one resource. */
  static PeerRequest read(Region.Answers answers, String type, String id, String accept) {
    return get(URI.create(answers.base() + "/" + type + "/" + id), accept);
  }

  /** A further page, at an address already checked. */
  static PeerRequest page(URI next) {
    return get(next, FHIR_JSON);
  }

  /** A document, at an address already checked. */
  static PeerRequest document(URI url, String accept) {
    return get(url, accept);
  }

  private static PeerRequest get(URI uri, String accept) {
    return new PeerRequest(HttpMethod.GET, uri, accept, Optional.empty());
  }

  private static String encoded(List<Parameter> parameters) {
    return parameters.stream()
        .map(parameter -> encoded(parameter.name()) + "=" + encoded(parameter.value()))
        .collect(Collectors.joining("&"));
  }

  /** {@code %20} means a space in a form and in a query alike; {@code +} does not. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Its head, as it is without anything of who asks. */
  RequestOptions head() {
    return new RequestOptions()
        .setMethod(method)
        .setSsl(true)
        .setHost(uri.getHost())
        .setPort(uri.getPort() < 0 ? 443 : uri.getPort())
        .setURI(target())
        .setFollowRedirects(false)
        .putHeader(HttpHeaders.ACCEPT, accept)
        .putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
  }

  /** Path and query, as the request line has them. */
  String target() {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** Never the address: it may hold an NHS number. */
  @Override
  public String toString() {
    return "PeerRequest[" + method + "]";
  }
}
