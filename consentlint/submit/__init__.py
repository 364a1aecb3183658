"""Send the items of files to the API, and lose none.

reading.py makes sendable items of files, plan.py says which of them may go next, run.py
sends them: it asks rate.py whether another request may leave, has journal.py record it,
lets client.py send it, and answers.py tell what the answer means for each item.
"""
