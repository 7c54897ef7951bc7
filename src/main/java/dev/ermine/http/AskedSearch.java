package dev.ermine.http;

import dev.ermine.federation.Wishes;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ParsedQuery;
import dev.ermine.fhir.QueryParser;
import java.util.List;
import java.util.Optional;

/** What became of a request for a search: a question, or the reply that says why it is none. */
sealed interface AskedSearch {

  /** A question. */
  record Question(FhirQuery query, Wishes wishes) implements AskedSearch {}

  /** Not a question. */
  record NotAsked(Reply reply) implements AskedSearch {}

  /**
   * Reads a request for a search.
   *
   * @param type the type that the path names; none for a search at the base
   */
  static AskedSearch read(Optional<String> type, Admitted admitted) {
    if (!Media.acceptsFhirJson(admitted.headers().getAll("accept"))) {
      return new NotAsked(Refusals.of(Fault.NOT_ACCEPTABLE));
    }
    if (admitted.address().takesForm() && !isPlainForm(admitted)) {
      return new NotAsked(Refusals.of(Fault.MEDIA_TYPE));
    }
    return switch (WishHeaders.read(admitted.headers())) {
      case WishHeaders.Heard.Unclear unclear -> new NotAsked(Refusals.malformed(unclear.faults()));
      case WishHeaders.Heard.Understood understood -> read(type, admitted, understood);
    };
  }

  private static boolean isPlainForm(Admitted admitted) {
    return Media.isForm(admitted.headers().get("content-type"))
        && !admitted.headers().contains("content-encoding");
  }

  private static AskedSearch read(
      Optional<String> type, Admitted admitted, WishHeaders.Heard.Understood understood) {
    return switch (FormText.parse(admitted.query())) {
      case FormText.Parsed.Malformed malformed ->
          new NotAsked(Refusals.malformed(List.of(malformed.issue())));
      case FormText.Parsed.Parameters url ->
          switch (FormText.parse(admitted.body())) {
            case FormText.Parsed.Malformed malformed ->
                new NotAsked(Refusals.malformed(List.of(malformed.issue())));
            case FormText.Parsed.Parameters form ->
                parse(type, url.list(), form.list(), understood);
          };
    };
  }

  private static AskedSearch parse(
      Optional<String> type,
      List<Parameter> url,
      List<Parameter> form,
      WishHeaders.Heard.Understood understood) {
    return switch (QueryParser.parse(type, url, form, understood.strict())) {
      case ParsedQuery.Malformed malformed -> new NotAsked(Refusals.of(malformed));
      case FhirQuery query -> new Question(query, understood.wishes());
    };
  }
}
