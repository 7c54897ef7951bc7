package dev.ermine.sandbox;

import com.github.tomakehurst.wiremock.http.Request;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a region is asked: the method, the path below its base, and the parameters of query and
 * form, decoded.
 */
record Asked(
    String method,
    List<String> path,
    Map<String, List<String>> parameters,
    String authorization,
    String accept) {

  /** The request as FHIR sees it; the path is empty when it lies outside {@code /fhir}. */
  static Asked of(Request request) {
    URI url = URI.create(request.getAbsoluteUrl());
    var parameters = new LinkedHashMap<String, List<String>>();
    decode(url.getRawQuery(), parameters);
    if (isForm(request)) {
      decode(request.getBodyAsString(), parameters);
    }
    return new Asked(
        request.getMethod().getName(),
        path(url.getPath()),
        parameters,
        request.getHeader("Authorization"),
        request.containsHeader("Accept") ? request.getHeader("Accept") : "*/*");
  }

  /** The first value of a parameter. */
  Optional<String> first(String name) {
    return Optional.ofNullable(parameters.get(name)).map(List::getFirst);
  }

  private static List<String> path(String path) {
    return path.startsWith("/fhir/")
        ? List.of(path.substring("/fhir/".length()).split("/", -1))
        : List.of();
  }

  private static boolean isForm(Request request) {
    return request.containsHeader("Content-Type")
        && request.getHeader("Content-Type").startsWith("application/x-www-form-urlencoded");
  }

  private static void decode(String encoded, Map<String, List<String>> parameters) {
    if (encoded == null || encoded.isEmpty()) {
      return;
    }
    for (String pair : encoded.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
      String value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
  }

  /** The method alone: parameters name a patient, the header is a credential. */
  @Override
  public String toString() {
    return "Asked[" + method + "]";
  }
}
