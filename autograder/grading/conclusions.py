"""What only running a submission can show: what it prints, and what its workers had to fix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.core.model import Report
from autograder.grading.submission_worker import SubmissionWorker
from autograder.intake.policies import Inspection, judge_prints

if TYPE_CHECKING:
    from autograder.grading.code import CodeGrader


def concluded(report: Report, inspection: Inspection, worker: SubmissionWorker, grader: CodeGrader) -> Report:
    """Add violations and remarks that running the submission brought to light."""
    violations, remarks = judge_prints(inspection.prints, worker.printed, grader.course.manifest.policy)
    absent = tuple(f" imports {name}" for name in grader.part.absent_imports)  # allowed, and not there
    telling = (
        remark for remark in inspection.unsaid(worker.remarks) if not any(name in remark for name in absent)
    )
    return replace(
        report,
        violations=(*report.violations, *violations),
        remarks=(*report.remarks, *remarks, *telling),
    )
