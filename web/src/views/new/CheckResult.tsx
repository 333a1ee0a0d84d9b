import type { DryRun } from "../../api/schema";
import { plural } from "../../lib/format";

/** What a batch would do, and every row that can't be used, with its line and column. */
export function CheckResult({ found }: { found: DryRun }) {
  return (
    <div className="panel stack" role="status">
      <p>
        <b>{plural(found.total, "row")}</b>: {plural(found.to_process, "photo")} to process
        {found.reused > 0 && `, ${found.reused} stand already`}
        {found.rejected_rows > 0 ? (
          <>
            , <b className="badge is-failed">{plural(found.rejected_rows, "row")} can't be used</b>
          </>
        ) : (
          ", nothing is wrong with it"
        )}
        .
      </p>
      {found.row_errors.length > 0 && (
        <div className="scroll">
          <table className="rowerrors">
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Column</th>
                <th scope="col">What is wrong</th>
              </tr>
            </thead>
            <tbody>
              {found.row_errors.map((error) => (
                <tr key={`${error.line} ${error.row} ${error.column} ${error.code}`}>
                  <td className="number">{error.line || error.row || "–"}</td>
                  <td>{error.column ?? ""}</td>
                  <td>
                    {error.message} <code className="soft">{error.code}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.row_errors_left > 0 && (
        <p className="soft">and {plural(found.row_errors_left, "more error")}.</p>
      )}
      {found.groups.length > 0 && (
        <details>
          <summary>{plural(found.groups.length + found.groups_left, "product group")}</summary>
          <ul className="groups small">
            {found.groups.map((group) => (
              <li key={group.product_group_id}>
                {group.product_group_id}{" "}
                <span className="soft">
                  {plural(group.skus, "SKU")}, {plural(group.images, "photo")}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
